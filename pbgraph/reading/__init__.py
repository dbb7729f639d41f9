"""Workbooks as they are to typed rows: `read_workbooks`.

    gate       which files, and whether their bytes may go to a parser
    cells      bytes to sheets of cells, with merged ranges and visibility
    layout     a sheet to its kind of table, columns and rows; what each other row is
    values     the cells of a column to values of the field's type
    workbooks  all of it for a folder: typed tables, findings, ledger

Every row keeps `source`: file, sheet and the row number Excel shows. What is wrong is a
finding, never an exception; rows read = used + set aside + skipped, for every sheet.
"""
