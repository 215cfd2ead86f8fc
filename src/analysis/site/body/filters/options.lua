-- What the page's metadata asks for, already parsed; see options.py.

return pandoc.json.decode(os.getenv("ANALYSIS_BODY_OPTIONS") or "{}", false)
