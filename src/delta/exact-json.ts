/** What JSON says, with every number as its text: `JSON.parse` rounds integers beyond 2^53 and most decimals. Throws SyntaxError on anything else. */
export const parseExactly = (json: string): unknown =>
  JSON.parse(
    json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (piece) => (piece.startsWith('"') ? piece : `"${piece}"`)),
  )
