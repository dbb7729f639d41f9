"""What we know, as data; `SOURCES.md` says where it comes from."""
