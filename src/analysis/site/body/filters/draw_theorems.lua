-- Draws theorems and proofs: their title goes in front of their first paragraph.

local elements = require("elements")
local kinds = require("kinds")
local options = require("options")

local ENVIRONMENT = {
  thm = "theorem",
  lem = "lemma",
  cor = "corollary",
  prp = "proposition",
  cnj = "conjecture",
  def = "definition",
  exm = "example",
  exr = "exercise",
  alg = "algorithm",
}

local function in_brackets(name)
  if #name == 0 then
    return pandoc.Inlines({})
  end
  local text = pandoc.Inlines({ pandoc.Str("(") })
  text:extend(name)
  text:insert(pandoc.Str(")"))
  return text
end

local function theorem_title(kind, number, name)
  local text = kinds.title(kind)
  text:extend({ pandoc.Space(), pandoc.Str(number) })
  if #name > 0 then
    text:insert(pandoc.Space())
    text:extend(in_brackets(name))
  end
  return { pandoc.Span({ pandoc.Strong(text) }, { class = "theorem-title" }), pandoc.Space() }
end

local function proof_title(kind, number, name)
  local text = options.words[kind]
  if number then
    text = text .. " " .. number
  end
  local span = pandoc.Span({ pandoc.Emph(text) }, { class = "proof-title" })
  if #name > 0 then
    span.content:insert(pandoc.Space())
    span.content:extend(in_brackets(name))
  end
  span.content:insert(pandoc.Str(". "))
  return { span }
end

local function put_first(blocks, inlines)
  local first = blocks[1]
  if first == nil or first.t ~= "Para" then
    blocks:insert(1, pandoc.Para({}))
    first = blocks[1]
  end
  local content = pandoc.Inlines(inlines)
  content:extend(first.content)
  first.content = content
end

local function add_class(div, class)
  if not div.classes:includes(class) then
    div.classes:insert(class)
  end
end

local function draw(div)
  local kind = elements.take(div, "x-theorem")
  if kind == nil then
    return nil
  end
  local number = elements.take(div, "x-number")
  local name = div.content:remove(1).content
  if ENVIRONMENT[kind] then
    add_class(div, "theorem")
    add_class(div, ENVIRONMENT[kind])
    put_first(div.content, theorem_title(kind, number, name))
  else
    add_class(div, "proof")
    add_class(div, kind)
    put_first(div.content, proof_title(kind, number, name))
  end
  return div
end

return function(doc)
  return doc:walk({ Div = draw })
end
