import * as f from '../../../src/frame/index.ts'
import type { QueryEngine } from '../../../src/frame/engine.ts'
import { i, ints, lit, one, rowsOf, texts, type FrameCase } from './values.ts'

const pairs = (e: QueryEngine) =>
  rowsOf(e, 1, 2, null).select((c) => ({ id: c.v, name: f.coalesce(c.v.cast('string'), 'none') }))
const others = (e: QueryEngine) => rowsOf(e, 2, 3, null).select((c) => ({ id: c.v, size: c.v.multiply(10) }))

/** How numbers are spelt, and what they are as int and as bigint. */
const spelt: readonly (readonly [string | null, number | null, number | null])[] = [
  ['5', 5, 5],
  ['-5', -5, -5],
  ['+5', 5, 5],
  ['05', 5, 5],
  ['-0', 0, 0],
  ['5.0', 5, 5],
  ['5.5', null, null],
  [' 5', null, null],
  ['5 ', null, null],
  ['5\t', null, null],
  ['2147483647', 2147483647, 2147483647],
  ['2147483648', null, 2147483648],
  ['-2147483648', -2147483648, -2147483648],
  ['9007199254740991', null, 9007199254740991],
  ['1000000000000000000', null, null],
  ['-1000000000000000000', null, null],
  ['9223372036854775807', null, null],
  ['99999999999999999999', null, null],
  ['', null, null],
  ['x', null, null],
  ['٥', null, null],
  [null, null, null],
]

/** Frames with the rows they have on every engine. */
export const frames: readonly FrameCase[] = [
  [
    'whole numbers in a column of texts',
    spelt.map(([t, int, bigint]) => ({ t, int, bigint })),
    (e) =>
      one(e)
        .withColumns(() => ({ all: texts(...spelt.map(([t]) => t)) }))
        .explode('all', 't')
        .select((c) => ({ t: c.t, int: c.t.tryCast('int'), bigint: c.t.tryCast('bigint') })),
  ],
  [
    'order asc nulls last',
    [{ v: 1 }, { v: 2 }, { v: null }],
    (e) =>
      rowsOf(e, 2, null, 1)
        .select('v')
        .orderBy((c) => [c.v]),
  ],
  [
    'order desc nulls last',
    [{ v: 2 }, { v: 1 }, { v: null }],
    (e) =>
      rowsOf(e, 2, null, 1)
        .select('v')
        .orderBy((c) => [c.v.desc()]),
  ],
  [
    'filter null',
    [{ v: 2 }],
    (e) =>
      rowsOf(e, 1, null, 2)
        .filter((c) => c.v.gt(1))
        .select('v'),
  ],
  [
    'aggregates',
    [{ n: 3, nv: 2, d: 2, t: 3, a: 1.5, lo: 1, hi: 2, m: 1.5, q: 1.25 }],
    (e) =>
      rowsOf(e, 1, null, 2).agg((c) => ({
        n: f.count(),
        nv: f.count(c.v),
        d: f.countDistinct(c.v),
        t: f.sum(c.v),
        a: f.avg(c.v),
        lo: f.min(c.v),
        hi: f.max(c.v),
        m: f.median(c.v),
        q: f.percentile(c.v, 0.25),
      })),
  ],
  [
    'aggregates of nothing',
    [{ n: 0, t: null, l: [], b: null }],
    (e) =>
      rowsOf(e, 1)
        .filter((c) => c.v.gt(5))
        .agg((c) => ({ n: f.count(), t: f.sum(c.v), l: f.collectList(c.v), b: f.boolAnd(c.v.gt(0)) })),
  ],
  ['collectList', [{ l: [1, 2, 3] }], (e) => rowsOf(e, 3, null, 1, 2).agg((c) => ({ l: f.collectList(c.v) }))],
  [
    'countIf, boolOr',
    [{ n: 1, o: true, s: Math.SQRT1_2 }],
    (e) => rowsOf(e, 1, null, 2).agg((c) => ({ n: f.countIf(c.v.gt(1)), o: f.boolOr(c.v.gt(1)), s: f.stddev(c.v) })),
  ],
  [
    'group with null key',
    [
      { k: 0, n: 1 },
      { k: 1, n: 2 },
      { k: null, n: 1 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3, null)
        .groupBy('k')
        .agg(() => ({ n: f.count() }))
        .orderBy((c) => [c.k]),
  ],
  [
    'having',
    [{ k: 1, n: 2 }],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .groupBy('k')
        .agg(() => ({ n: f.count() }))
        .filter((c) => c.n.gt(1)),
  ],
  [
    'sum of sums',
    [{ t: 6 }],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .groupBy('k')
        .agg((c) => ({ t: f.sum(c.v) }))
        .agg((c) => ({ t: f.sum(c.t) })),
  ],
  [
    'row number nulls last',
    [
      { v: 1, r: 1 },
      { v: 2, r: 2 },
      { v: null, r: 3 },
    ],
    (e) =>
      rowsOf(e, 2, null, 1)
        .select((c) => ({ v: c.v, r: f.rowNumber().over({ orderBy: [c.v] }) }))
        .orderBy((c) => [c.r]),
  ],
  [
    'rank ties',
    [
      { v: 1, r: 1, d: 1 },
      { v: 1, r: 1, d: 1 },
      { v: 2, r: 3, d: 2 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 1)
        .select((c) => ({ v: c.v, r: f.rank().over({ orderBy: [c.v] }), d: f.denseRank().over({ orderBy: [c.v] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'sum over',
    [
      { v: 1, t: 1 },
      { v: 2, t: 3 },
      { v: 3, t: 6 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({ v: c.v, t: f.sum(c.v).over({ orderBy: [c.v] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'rows frame',
    [
      { v: 1, t: 1 },
      { v: 2, t: 3 },
      { v: 3, t: 5 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({ v: c.v, t: f.sum(c.v).over({ orderBy: [c.v], rows: [-1, 0] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'share',
    [
      { v: 1, p: 0.25 },
      { v: 3, p: 0.75 },
    ],
    (e) =>
      rowsOf(e, 1, 3)
        .select((c) => ({ v: c.v, t: f.sum(c.v).over({}) }))
        .select((c) => ({ v: c.v, p: c.v.divide(c.t) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'lag, lead',
    [
      { v: 1, a: null, b: 2 },
      { v: 2, a: 1, b: null },
    ],
    (e) =>
      rowsOf(e, 2, 1)
        .select((c) => ({ v: c.v, a: f.lag(c.v).over({ orderBy: [c.v] }), b: f.lead(c.v).over({ orderBy: [c.v] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'ntile, percentRank',
    [
      { v: 1, n: 1, p: 0 },
      { v: 2, n: 1, p: 0.5 },
      { v: 3, n: 2, p: 1 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({
          v: c.v,
          n: f.ntile(2).over({ orderBy: [c.v] }),
          p: f.percentRank().over({ orderBy: [c.v] }),
        }))
        .orderBy((c) => [c.v]),
  ],
  [
    'collectList over',
    [{ v: 1, l: [1, 3] }],
    (e) =>
      rowsOf(e, 3, 1)
        .select((c) => ({ v: c.v, l: f.collectList(c.v).over({}) }))
        .filter((c) => c.v.eq(1)),
  ],
  ['inner join', [{ id: 2, name: '2', size: 20 }], (e) => pairs(e).join(others(e), ['id'])],
  [
    'left join',
    [
      { id: 1, name: '1', size: null },
      { id: 2, name: '2', size: 20 },
      { id: null, name: 'none', size: null },
    ],
    (e) =>
      pairs(e)
        .join(others(e), ['id'], 'left')
        .orderBy((c) => [c.id]),
  ],
  [
    'full join',
    [
      { id: 1, name: '1', size: null },
      { id: 2, name: '2', size: 20 },
      { id: 3, name: null, size: 30 },
      { id: null, name: 'none', size: null },
      { id: null, name: null, size: null },
    ],
    (e) =>
      pairs(e)
        .join(others(e), ['id'], 'full')
        .orderBy((c) => [c.id, c.name]),
  ],
  ['semi join', [{ id: 2, name: '2' }], (e) => pairs(e).join(others(e), ['id'], 'semi')],
  [
    'anti join',
    [
      { id: 1, name: '1' },
      { id: null, name: 'none' },
    ],
    (e) =>
      pairs(e)
        .join(others(e), ['id'], 'anti')
        .orderBy((c) => [c.id]),
  ],
  [
    'anti join with a hint',
    [
      { id: 1, name: '1' },
      { id: null, name: 'none' },
    ],
    (e) =>
      pairs(e)
        .join(others(e).hint('broadcast'), ['id'], 'anti')
        .orderBy((c) => [c.id]),
  ],
  [
    'join on condition',
    [{ id: 1, name: '1', b: 2 }],
    (e) =>
      pairs(e).joinOn(
        others(e).select((c) => ({ b: c.id })),
        (l, r) => l.id.lt(r.b).and(r.b.lt(3)),
      ),
  ],
  [
    'self join',
    [{ id: 1, name: '1', next: 2 }],
    (e) => {
      const p = pairs(e).as('p')
      return p.joinOn(
        p.select((c) => ({ next: c.id })),
        (l, r) => l.id.plus(1).eq(r.next),
      )
    },
  ],
  [
    'union by name',
    [
      { id: 1, name: '1' },
      { id: 2, name: '2' },
      { id: 2, name: '2' },
      { id: null, name: 'none' },
    ],
    (e) =>
      pairs(e)
        .unionByName(
          pairs(e)
            .select((c) => ({ name: c.name, id: c.id }))
            .filter((c) => c.id.eq(2)),
        )
        .orderBy((c) => [c.id]),
  ],
  [
    'distinct nulls',
    [{ n: 2 }],
    (e) =>
      rowsOf(e, null, 1, null)
        .select('v')
        .distinct()
        .agg(() => ({ n: f.count() })),
  ],
  [
    'dropDuplicates',
    [
      { v: 2, k: 0 },
      { v: 3, k: 1 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .dropDuplicates(['k'], (c) => [c.v.desc()])
        .select('v', 'k')
        .orderBy((c) => [c.v]),
  ],
  [
    'explode nothing',
    [],
    (e) =>
      one(e)
        .withColumns(() => ({ a: f.emptyArray('int') }))
        .explode('a', 'v'),
  ],
  [
    'explodeOuter nothing',
    [{ one: 1, v: null }],
    (e) =>
      one(e)
        .withColumns(() => ({ a: f.emptyArray('int') }))
        .explodeOuter('a', 'v'),
  ],
  [
    'explodeOuter null',
    [{ one: 1, v: null }],
    (e) =>
      one(e)
        .withColumns(() => ({ a: f.filter(ints(1), () => lit(null, 'boolean')) }))
        .explodeOuter('a', 'v'),
  ],
  [
    'explode null element',
    [{ one: 1, v: null }],
    (e) =>
      one(e)
        .withColumns(() => ({ a: ints(null) }))
        .explode('a', 'v'),
  ],
  [
    'limit after order, filter after limit',
    [{ v: 3 }],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select('v')
        .orderBy((c) => [c.v.desc()])
        .limit(2)
        .filter((c) => c.v.gt(2)),
  ],
  [
    'sql',
    [{ n: 2 }],
    (e) => f.sql({ n: 'bigint' })`select count(*) as n from ${rowsOf(e, 1, 2).as('numbers')} where 'it''s' = ${"it's"}`,
  ],
  ['rename, drop', [{ w: 1 }], (e) => rowsOf(e, 1).drop('one', 'k').rename({ v: 'w' })],
  [
    'explode twice',
    [{ n: 4 }],
    (e) =>
      one(e)
        .select(() => ({ a: ints(1, 2), b: ints(3, 4) }))
        .explode('a', 'x')
        .explode('b', 'y')
        .drop('x')
        .agg(() => ({ n: f.count() })),
  ],
  [
    'explode then drop it',
    [{ n: 2 }],
    (e) =>
      one(e)
        .withColumns(() => ({ a: ints(1, 2) }))
        .explode('a', 'x')
        .select('one')
        .agg(() => ({ n: f.count() })),
  ],
  [
    'replace a column by itself',
    [{ v: 2, w: 1 }],
    (e) =>
      rowsOf(e, 1)
        .select('v')
        .select((c) => ({ v: c.v.plus(1), w: c.v })),
  ],
  [
    'aggregate named as its column',
    [{ k: 1, v: 4, w: 2 }],
    (e) =>
      rowsOf(e, 1, 3)
        .groupBy('k')
        .agg((c) => ({ v: f.sum(c.v), w: f.avg(c.v) })),
  ],
  [
    'order by a replaced column',
    [{ v: -2 }, { v: -1 }],
    (e) =>
      rowsOf(e, 1, 2)
        .select((c) => ({ v: c.v.multiply(-1) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'narrow after window',
    [{ v: 1 }, { v: 2 }],
    (e) =>
      rowsOf(e, 2, 1)
        .select((c) => ({ v: c.v, r: f.rank().over({ orderBy: [c.v] }) }))
        .select('v')
        .orderBy((c) => [c.v]),
  ],
  [
    'aggregates with a condition',
    [{ t: 4, n: 2, l: [1, 3] }],
    (e) =>
      rowsOf(e, 1, 2, 3).agg((c) => ({
        t: f.sum(f.when(c.k.eq(1), c.v)),
        n: f.countIf(c.k.eq(1)),
        l: f.collectList(f.when(c.k.eq(1), c.v)),
      })),
  ],
  [
    'median and percentile over groups of one and two',
    [
      { k: 0, m: 2, q: 2 },
      { k: 1, m: 2, q: 2.8 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .groupBy('k')
        .agg((c) => ({ m: f.median(c.v), q: f.percentile(c.v, 0.9) }))
        .orderBy((c) => [c.k]),
  ],
  [
    'an aggregate over a window inside of an expression',
    [
      { v: 1, x: 1.5, r: { t: 4 } },
      { v: 3, x: 3.5, r: { t: 4 } },
    ],
    (e) =>
      rowsOf(e, 1, 3)
        .select((c) => ({ v: c.v, x: c.v.plus(lit(0.5, 'double')), r: f.struct({ t: f.sum(c.v) }).over({}) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'rows after the current one',
    [
      { v: 1, t: 6 },
      { v: 2, t: 5 },
      { v: 3, t: 3 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({ v: c.v, t: f.sum(c.v).over({ orderBy: [c.v], rows: [0, Infinity] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'a window per group',
    [
      { v: 1, r: 1 },
      { v: 2, r: 1 },
      { v: 3, r: 2 },
    ],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({ v: c.v, r: f.rowNumber().over({ partitionBy: [c.k], orderBy: [c.v] }) }))
        .orderBy((c) => [c.v]),
  ],
  [
    'a column named as the parameter of a lambda',
    [{ x: [11, 12], y: [true, false] }],
    (e) =>
      one(e)
        .select(() => ({ e1: i(10), e: lit(1, 'int'), a: ints(1, 2) }))
        .select((c) => ({
          x: f.transform(c.a, (x) => x.plus(c.e1)),
          y: f.transform(c.a, (x) => f.arrayContains(f.array(x), c.e)),
        })),
  ],
  [
    'lambdas in lambdas',
    [{ x: [[1], [1, 2], []] }],
    (e) =>
      one(e)
        .select(() => ({ a: ints(1, 2, 0), b: ints(1, 2) }))
        .select((c) => ({ x: f.transform(c.a, (limit) => f.filter(c.b, (value) => value.le(limit))) })),
  ],
  [
    'full join where only the right has the key',
    [{ id: 1 }, { id: 2 }],
    (e) =>
      rowsOf(e, 1)
        .select((c) => ({ id: c.v }))
        .join(
          rowsOf(e, 2).select((c) => ({ id: c.v })),
          ['id'],
          'full',
        )
        .orderBy((c) => [c.id]),
  ],
  ['pick', [{ v: 1, one: 1 }], (e) => rowsOf(e, 1).pick('v', 'one')],
  ['dropNulls', [{ v: 1 }], (e) => rowsOf(e, 1, null).dropNulls('v', 'k').pick('v')],
  ['limit 0', [], (e) => rowsOf(e, 1).limit(0)],
  [
    'dropDuplicates twice, beside a column _place',
    [{ k: 1, _place: 3 }],
    (e) =>
      rowsOf(e, 1, 2, 3)
        .select((c) => ({ k: c.k, _place: c.v }))
        .dropDuplicates(['k'], (c) => [c._place.desc()])
        .dropDuplicates(['k'], (c) => [c._place])
        .filter((c) => c.k.eq(1)),
  ],
  [
    'odd column names',
    [{ 'a b': 1, 'say "x"': 2, 'tick`': 3, select: 4 }],
    (e) => one(e).select(() => ({ 'a b': i(1), 'say "x"': i(2), 'tick`': i(3), select: i(4) })),
  ],
  [
    'collectList of structs with nulls inside',
    [{ l: [{ k: 1 }, { k: null }] }],
    (e) => rowsOf(e, null, 1).agg((c) => ({ l: f.collectList(f.struct({ k: c.v })) })),
  ],
  [
    'collectList of structs over a window',
    [{ v: 1, l: [{ k: 1 }] }],
    (e) =>
      rowsOf(e, 1).select((c) => ({ v: c.v, l: f.collectList(f.struct({ k: c.v })).over({ partitionBy: [c.v] }) })),
  ],
]
