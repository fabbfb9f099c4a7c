"""What a planner holds in hand: the ledgers handed in, the pages and books that came back."""

import csv
import re
from functools import cached_property
from string import ascii_uppercase

import openpyxl
from ledger_oracle import Firm
from lxml import html

HEADERS = {
    "控股情况": "control",
    "登记注册类型": "registration",
    "类型表年份": "year",
    "营业状态": "operating",
    "团员数": "members",
    "党组织": "party",
    "党组织形式": "party",
    "团组织": "form",
    "团组织建制": "kind",
    "团组织名称": "named",
    "规模以上": "above_scale",
    "行业代码": "industry",
}
MARKED = {"会员单位": "society", "覆盖企业": "listed_jointly", "百强位次": "ranked", "所属园区": "park"}
CELL = re.compile(r"(?:(?P<sheet>.+)!)?(?P<column>[A-Z]+)(?P<row>\d+)")


class Delivered:
    """The folders that a planner has: the ledgers handed in and what came back."""

    def __init__(self, ledgers, out):
        self.ledgers, self.out, self.pages, self.books = ledgers, out, {}, {}

    def page(self, name):
        if name not in self.pages:
            self.pages[name] = html.fromstring((self.out / name).read_text("utf-8"))
        return self.pages[name]

    def sheet(self, file, sheet):
        """Rows of a ledger sheet as texts."""
        if (file, sheet) not in self.books:
            if file.endswith(".csv"):
                with (self.ledgers / file).open(encoding="utf-8-sig", newline="") as stream:
                    rows = list(csv.reader(stream))
            else:
                book = openpyxl.load_workbook(self.ledgers / file, read_only=True)
                rows = [
                    ["" if cell is None else str(cell) for cell in row]
                    for row in book[sheet].iter_rows(values_only=True)
                ]
            self.books[file, sheet] = rows
        return self.books[file, sheet]

    def cell(self, file, sheet, address):
        found = CELL.fullmatch(address)
        column = openpyxl.utils.column_index_from_string(found["column"]) - 1
        row = self.sheet(file, sheet)[int(found["row"]) - 1]
        return row[column] if column < len(row) else ""

    @cached_property
    def figures(self):
        """Text and link of every number of the overview."""
        return [
            (link.text_content(), link.get("href"))
            for link in self.page("index.html").xpath(".//a[@class='figure']")
        ]

    @cached_property
    def files(self):
        """Sheet as a page writes it → file and sheet."""
        page = next(page for page in sorted((self.out / "evidence").glob("county-*.html")))
        found = {}
        for item in self.page(f"evidence/{page.name}").xpath(".//div[@class='shown']/ul/li"):
            prefix, _, file = item.text.partition("：")
            found[prefix] = file.strip(), re.sub(r"^\[.*\]", "", prefix)
        return found

    def firms(self, page):
        """Every enterprise on a county's page as its cells tell it: its marks, its row's text, the firm."""
        key = f"firms of {page}"
        if key not in self.pages:
            rows = self.page(f"evidence/{page}").xpath(".//div[@class='scroll firms']//tbody/tr")
            self.pages[key] = [(set(row.get("class").split()), row, self._firm(row)) for row in rows]
        return self.pages[key]

    def _beside(self, file, sheet, row, header):
        """What stands under a heading in a row."""
        letter = next(each for each in ascii_uppercase if self.cell(file, sheet, f"{each}1") == header)
        return self.cell(file, sheet, f"{letter}{row}")

    def _firm(self, row):
        told, own = {}, ""
        for number, data in enumerate(row.findall("td")):
            for mark in data.findall("i"):
                found = CELL.fullmatch(mark.text)
                own = own or found["sheet"]
                file, sheet = self.files[found["sheet"] or own]
                column = found["column"]
                header = self.cell(file, sheet, f"{column}1")
                text = self.cell(file, sheet, f"{column}{found['row']}")
                if number == 0:
                    assert data.text == text
                    told["name"] = text
                elif header in HEADERS:
                    told[HEADERS[header]] = text
                elif header in MARKED:
                    told[MARKED[header]] = True
                else:
                    assert header == "团组织全称", header
                    alone = (mark.getprevious().tail if mark.getprevious() is not None else data.text).lstrip(
                        "；"
                    )
                    assert text in alone
                    own_body = alone.startswith("单独")
                    told["alone_in_system" if own_body else "jointly_in_system"] = True
                    counted = "alone_members" if own_body else "joint_members"
                    members = self._beside(file, sheet, found["row"], "团员数")
                    told[counted] = (*told.get(counted, ()), members)
        return Firm(**told)
