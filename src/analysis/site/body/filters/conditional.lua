-- Content that is there only for some formats, profiles or metadata.

local options = require("options")

local OURS = { html = true, html4 = true, html5 = true, ["html:js"] = true }

local function has_format(name)
  return OURS[name:match("^[^+%-]+")] or false
end

local function has_profile(name)
  return pandoc.List(options.profiles):includes(name)
end

local function has_meta(meta)
  return function(path)
    local value = meta
    for key in path:gmatch("[^.]+") do
      value = type(value) == "table" and value[key] or nil
    end
    return value ~= nil and value ~= false and pandoc.utils.stringify(value) ~= "false"
  end
end

local function holds(node, tests)
  for name, test in pairs(tests) do
    local wanted, unwanted = node.attributes["when-" .. name], node.attributes["unless-" .. name]
    if (wanted and not test(wanted)) or (unwanted and test(unwanted)) then
      return false
    end
  end
  return true
end

return function(doc)
  local tests = { format = has_format, profile = has_profile, meta = has_meta(doc.meta) }
  local function resolve(node)
    local visible = node.classes:includes("content-visible")
    if visible or node.classes:includes("content-hidden") then
      return holds(node, tests) == visible and node.content or {}
    end
  end
  return doc:walk({ traverse = "topdown", Div = resolve, Span = resolve })
end
