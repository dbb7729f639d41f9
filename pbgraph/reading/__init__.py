"""Workbooks as they are to typed rows: `read_workbooks`.

    files      which files of a folder are workbooks
               (`archive`: a zip of them is read like a folder)
    gate       whether the bytes of a file may go to a parser; `stored` counts what its XML holds,
               `package` finds its parts by their links
    cells      bytes to sheets of cells, by columns, with merged ranges and visibility; `texttable` and
               `pages` read text and web pages, `binary` and `opendocument` find what a parser does not
               tell, `formats` and `shown` make each cell what the sheet shows
    opening    the three above for one path, with its password; `child` and `workers` run it apart
    headers    a header to the field it means
    layout     a sheet to its kind of table, columns and rows; what each other row is
    values     the cells of a column to values of the field's type
    rows       the records of a sheet to typed rows
    workbooks  all of it for a folder: typed tables, findings, ledger

Every row keeps `source`: file, sheet and the row number Excel shows. What is wrong is a
finding, never an exception; rows read = used + set aside + skipped, for every sheet.
"""
