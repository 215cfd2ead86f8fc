-- A display formula followed by `{#eq-label}` becomes a Span with that label.

local function label_of(inline)
  return inline and inline.t == "Str" and inline.text:match("^{#(eq%-[^ }]+)}$") or nil
end

local function is_blank(inline)
  return inline and (inline.t == "Space" or inline.t == "SoftBreak")
end

local function label_equations(inlines)
  local result = pandoc.Inlines({})
  local position = 1
  while position <= #inlines do
    local inline = inlines[position]
    local gap = is_blank(inlines[position + 1]) and 1 or 0
    local label = label_of(inlines[position + 1 + gap])
    if inline.t == "Math" and inline.mathtype == "DisplayMath" and label then
      result:insert(pandoc.Span({ inline }, pandoc.Attr(label)))
      position = position + 2 + gap
    else
      result:insert(inline)
      position = position + 1
    end
  end
  return result
end

return function(doc)
  return doc:walk({ Inlines = label_equations })
end
