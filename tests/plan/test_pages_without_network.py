"""Every other page that a planner is handed, opened where there is no network at all."""

import polars as pl
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


def _explained(province, page):
    """The page of the first target of a province."""
    targets = province.plan["enterprises"].filter(pl.col("priority_rank") == 1)
    asked = ["explain", str(province.ledgers), "--enterprise", targets["credit_code"][0], "--html", str(page)]
    done = CliRunner().invoke(coverage_engine, asked)
    assert done.exit_code == 0, done.output
    return page


@pytest.mark.browser
def test_overview_evidence_and_campaign_pages_are_whole_without_any_network_interface(
    written, campaign, small_province, tmp_path, look_without_network
):
    evidence = sorted(written.glob("evidence/*.html"))
    pages = [*written.glob("*.html"), *evidence[:3], *campaign.glob("*.html"), *campaign.glob("maps/*.html")]
    assert {"index.html", "coverage.html"} <= {page.name for page in pages}
    pages.append(_explained(small_province, tmp_path / "个案.html"))
    assert evidence
    seen = look_without_network(pages)
    assert all(len("".join(each["told"])) > 10 for each in seen.values())
