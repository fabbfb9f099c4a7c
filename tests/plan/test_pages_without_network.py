"""Every other page that a planner is handed, opened where there is no network at all."""

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine


@pytest.fixture
def campaign(small_province, tmp_path):
    """The report of two campaigns and their map, from the command line."""
    out = tmp_path / "campaign"
    done = CliRunner().invoke(
        coverage_engine, ["simulate", str(small_province.ledgers), "--out", str(out), "--path", "9"]
    )
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.browser
def test_overview_evidence_and_campaign_pages_are_whole_without_any_network_interface(
    written, campaign, look_without_network
):
    evidence = sorted(written.glob("evidence/*.html"))
    pages = [*written.glob("*.html"), *evidence[:3], *campaign.glob("*.html"), *campaign.glob("maps/*.html")]
    assert {"index.html", "coverage.html"} <= {page.name for page in pages}
    assert evidence
    seen = look_without_network(pages)
    assert all(len("".join(each["told"])) > 10 for each in seen.values())
