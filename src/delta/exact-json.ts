// text up to its end or its next escape, which begins another piece: a loop over escapes within the pattern would take stack for each. A number before a
// colon stays as it is, and is an error: there it would become a name
const pieces = /(?:"|\\.)[^"\\]*"?|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/gs

/** What JSON says, with every number as its text: `JSON.parse` rounds integers beyond 2^53 and most decimals. Throws SyntaxError on anything else. */
export const parseExactly = (json: string): unknown =>
  JSON.parse(json.replace(pieces, (piece) => (/^["\\]/.test(piece) ? piece : `"${piece}"`)))
