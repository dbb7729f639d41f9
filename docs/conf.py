"""How Sphinx builds the site; docs/build_site.py puts its pages together and calls it."""

from pathlib import Path

import pbgraph

project = "pbgraph"
author = "The pbgraph authors"
project_copyright = "2026, the pbgraph authors"
version = release = pbgraph.__version__
language = "zh_CN"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
nb_execution_mode = "off"  # the notebooks are committed with their outputs
nb_render_markdown_format = "myst"
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
default_role = "code"  # as in Markdown: `name` is code
autodoc_typehints = "signature"  # and not said again among the parameters
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
suppress_warnings = ["config.cache"]  # a theme may hold what cannot be pickled; the site is built anew anyway

html_theme = "furo"
html_title = "pbgraph"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "source_repository": "https://github.com/pbgraph/pbgraph/",
    "light_css_variables": {"color-brand-primary": "#a30d17", "color-brand-content": "#a30d17"},
    "dark_css_variables": {"color-brand-primary": "#f0a6a0", "color-brand-content": "#f0a6a0"},
}
