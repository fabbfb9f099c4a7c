"""Every other page that a planner is handed, opened where there is no network at all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine

CHROMIUM = "/usr/bin/chromium"
SCRIPT = Path(__file__).with_name("open_without_network.py")


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
@pytest.mark.usefixtures("chromium")
def test_overview_evidence_and_campaign_pages_are_whole_without_any_network_interface(written, campaign):
    unshare = shutil.which("unshare")
    alone = [unshare or "unshare", "--map-root-user", "--net"]
    if unshare is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("没有在无网卡的环境里检查页面：本机不允许 unshare --net")
    evidence = sorted(written.glob("evidence/*.html"))
    pages = [*written.glob("*.html"), *evidence[:3], *campaign.glob("*.html"), *campaign.glob("maps/*.html")]
    assert {"index.html", "coverage.html"} <= {page.name for page in pages}
    assert evidence
    command = [*alone, sys.executable, str(SCRIPT), CHROMIUM, *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["interfaces"] == ["lo"]
    for page in pages:
        seen = found["pages"][str(page)]
        outside = [url for url in seen["requests"] if not url.startswith((page.as_uri(), "data:", "blob:"))]
        assert outside == [], page.name
        assert seen["complaints"] == [], page.name
        assert seen["letters"] > 100, page.name
