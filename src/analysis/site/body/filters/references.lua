-- Turns `@fig-wind` into a link with the target's kind and number.

local kinds = require("kinds")
local labels = require("labels")
local options = require("options")
local report = require("report")

local NBSP = "\u{a0}"

local function capitalised(text)
  local first = text[1]
  if first and first.t == "Str" then
    first.text = pandoc.text.upper(pandoc.text.sub(first.text, 1, 1))
      .. pandoc.text.sub(first.text, 2)
  end
  return text
end

local function words_before(citation, prefix)
  if #citation.prefix > 0 then
    return citation.prefix:clone()
  end
  if citation.mode == "SuppressAuthor" then
    return pandoc.Inlines({})
  end
  local title = kinds.reference_title(prefix)
  return citation.id:match("^%u") and capitalised(title) or title
end

local function reference(citation, label, entry)
  local prefix = kinds.prefix(entry.parent or label)
  local text = words_before(citation, prefix)
  if #text > 0 then
    text:insert(pandoc.Str(NBSP))
  end
  text:extend(pandoc.Inlines(entry.number))
  if options.crossref.ref_hyperlink then
    text = pandoc.Inlines({ pandoc.Link(text, "#" .. label, "", { class = "quarto-xref" }) })
  end
  text:extend(citation.suffix)
  return text
end

local function resolve(cite)
  local result = pandoc.Inlines({})
  for _, citation in ipairs(cite.citations) do
    local label = pandoc.text.lower(citation.id:sub(1, 1)) .. citation.id:sub(2)
    local entry = labels.find(label)
    if entry then
      if #result > 0 then
        result:extend({ pandoc.Str(","), pandoc.Space() })
      end
      result:extend(reference(citation, label, entry))
    elseif kinds.prefix(label) then
      report("no-target", citation.id)
    end
  end
  return #result > 0 and result or nil
end

return function(doc)
  local function is_positioned(div)
    if div.identifier == "refs" then
      report("positioned-references", "refs")
    end
  end
  doc:walk({ Div = is_positioned })
  return doc:walk({ Cite = resolve })
end
