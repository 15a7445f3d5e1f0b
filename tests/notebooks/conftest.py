"""The notebook that these tests are tried on is not one of the workbook's."""

collect_ignore = ["fixture"]
