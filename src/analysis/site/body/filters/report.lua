-- Tells the calling program something: one line of JSON on standard error.

return function(kind, subject)
  local line = pandoc.json.encode({ kind = kind, subject = subject })
  io.stderr:write("ANALYSIS " .. line .. "\n")
end
