-- Reads theorems and proofs: afterwards each is a Div with `x-theorem` and its name first.

local elements = require("elements")
local kinds = require("kinds")

local PROOFS = { proof = true, remark = true, solution = true }
local PROOF_PREFIXES = { rem = "remark", sol = "solution" }

-- Gives the environment's name and whether it is a numbered theorem.
local function environment(div)
  local prefix = kinds.prefix(div.identifier)
  if kinds.is(div.identifier, "theorem") then
    return prefix
  end
  if PROOF_PREFIXES[prefix] then
    return PROOF_PREFIXES[prefix]
  end
  local found = div.classes:find_if(function(class)
    return PROOFS[class]
  end)
  return found
end

local function name_of(div)
  local given = elements.take(div, "name")
  if given then
    return elements.inlines(given)
  end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines({})
end

local function read(div)
  local name = environment(div)
  if name == nil or div.attributes["x-theorem"] then
    return nil
  end
  div.content:insert(1, pandoc.Plain(name_of(div)))
  div.attributes["x-theorem"] = name
  return div:walk({
    Header = function(header)
      header.classes:insert("unnumbered")
      return header
    end,
  })
end

return function(doc)
  return doc:walk({ traverse = "topdown", Div = read })
end
