/** Why two sides do not get as far as talking over TLS, and what to do about it. */
export interface TlsFailure {
  readonly what: string
  readonly hint: string
}

const failures: readonly (TlsFailure & { readonly codes: RegExp })[] = [
  {
    codes: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    what: "the server's certificate is not valid today",
    hint: 'the server needs a new certificate, or this machine the right time',
  },
  {
    codes: /ALTNAME|HOSTNAME/,
    what: "the server's certificate is for another name",
    hint: 'write the address with a name that stands in the certificate',
  },
  {
    codes: /SELF_SIGNED|ISSUER|LEAF_SIGNATURE|INVALID_(CA|PURPOSE)|CERT_/,
    what: "the server's certificate is not trusted",
    hint: 'set NODE_EXTRA_CA_CERTS, before the program starts, to a file with the certificate of the authority that signed it',
  },
  {
    codes: /^EPROTO$|ERR_SSL|ERR_TLS/,
    what: 'the server does not speak TLS as we do',
    hint: 'leave use_ssl=true out where the server speaks no TLS; with a token, which goes over TLS to other machines, write use_ssl=false where nobody else is on the network',
  },
]

/** What is the matter with TLS; undefined for every other failure. */
export function tlsFailure(reason: unknown): TlsFailure | undefined {
  const codes = nodeCodes(reason)
  return failures.find((one) => codes.some((code) => one.codes.test(code)))
}

/** The codes of the errors behind a failure, Node's own: `ECONNREFUSED`. */
function nodeCodes(reason: unknown): readonly string[] {
  const codes: string[] = []
  for (let error: unknown = reason; error instanceof Error && codes.length < 10; error = error.cause)
    codes.push('code' in error && typeof error.code === 'string' ? error.code : '')
  return codes
}
