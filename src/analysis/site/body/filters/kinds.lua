-- The kinds of things that can be referred to, by the prefix of their labels.

local elements = require("elements")
local options = require("options")

local kinds = {}

local families = {
  float = { "fig", "tbl", "lst" },
  theorem = { "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg" },
  proof = { "rem", "sol" },
  callout = { "nte", "tip", "wrn", "imp", "cau" },
  equation = { "eq" },
  section = { "sec" },
}

local family_of = {}
for family, prefixes in pairs(families) do
  for _, prefix in ipairs(prefixes) do
    family_of[prefix] = family
  end
end
for _, custom in ipairs(options.crossref.custom) do
  family_of[custom.key] = "float"
end

-- The prefix of a label such as `fig-wind`, if it is one that can be referred to.
function kinds.prefix(label)
  local prefix = label:match("^(%a+)%-.")
  return prefix and family_of[prefix] and prefix or nil
end

function kinds.family(label)
  local prefix = kinds.prefix(label)
  return prefix and family_of[prefix] or nil
end

function kinds.is(label, family)
  return kinds.family(label) == family
end

-- What stands before the number in a caption: `Figure`.
function kinds.title(prefix)
  return elements.inlines(options.crossref.titles[prefix])
end

-- What stands before the number in a reference.
function kinds.reference_title(prefix)
  return elements.inlines(options.crossref.prefixes[prefix] or options.crossref.titles[prefix])
end

-- Writes a number in the style that `crossref` asks for.
function kinds.number(prefix, count)
  local style = options.crossref.labels[prefix] or options.crossref.labels.all or "arabic"
  if prefix == "subref" then
    style = options.crossref.labels.subref or "alpha a"
  end
  local start = style:match("^alpha%s*(%S*)")
  if start then
    return utf8.char(utf8.codepoint(start ~= "" and start or "a") + count - 1)
  end
  if style:match("^roman") then
    local roman = pandoc.utils.to_roman_numeral(count)
    return style:match("I$") and roman or roman:lower()
  end
  return tostring(count)
end

return kinds
