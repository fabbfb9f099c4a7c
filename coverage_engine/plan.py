"""The one flow: snapshot to coverage, recommendations and a Plan; a Plan to its output folder."""
