"""Findings to things people hold: the map, the workbook, the report, the figures.

look        colours, shapes, language, edition: one frozen object for all renderers
packing     circles packed into circles
map_layout  where everything stands on the map
map_spec    the map as plain data, already reduced to the edition
map_page    the specification into one HTML file
wall        the wall as plain data: wall_layout, wall_scenes; wall_page, wall_painter and slides write it
poster      the wall on paper and as one picture
figures     matplotlib figures and the search for a Chinese font
workbook    缺口清单和统计表.xlsx, 待核对.xlsx
word        党建情况报告.docx
files       whole files or none: every output is written here
pack        all of it into one folder
"""
