"""An invented firm about which nothing is unusual, for situations worked by hand."""

PLAIN_FIRM = {
    "county_code": "410105",
    "city_code": "410100",
    "control": "private",
    "operating": "operating",
    "entity_kind": "enterprise",
    "league_form": "none",
    "league_members": 5,
}
