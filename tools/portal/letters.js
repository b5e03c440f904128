import { random } from '../hostile-pages.js'

/** What letters are about: the thing asked for, and what bureaus touch when they deal with it. */
const TOPICS = [
  ['增设社区口袋公园', '园林局', ['街角闲置地块', '遮阴乔木', '健身步道', '儿童活动角', '雨水花园']],
  ['规范共享单车停放', '交通局', ['地铁站口泊位', '电子围栏', '早晚高峰调运', '破损车辆回收', '企业信用评价']],
  ['完善老年助餐服务', '民政局', ['社区食堂', '送餐上门队伍', '就餐补贴', '后厨明亮化改造', '适老菜谱']],
  ['保护沿海滩涂湿地', '自然资源局', ['候鸟停歇地', '入海口监测点', '互花米草清除', '护滩志愿队', '观鸟平台']],
  ['推动中小学课后服务提质', '教育局', ['体育社团', '校外师资库', '错峰放学', '家长评议', '午休座椅']],
  ['加快老旧管网更新', '水务局', ['漏损水管', '二次供水泵房', '排水口溯源', '管网图册', '抢修驿站']],
  ['扶持乡村手工业', '农业农村局', ['草编工坊', '非遗传习所', '电商直播间', '包装设计', '返乡青年创业']],
  ['优化夜间公共交通', '交通局', ['末班车延时', '接驳微循环线', '候车亭照明', '需求预约', '驾驶员轮休']],
]
const SECTIONS = [
  '摸清底数，找准短板',
  '统筹资源，分步推进',
  '健全制度，压实责任',
  '广泛参与，共建共享',
  '加强督办，巩固成效',
]
const HEADINGS = ['做实$', '扩大$覆盖面', '明确$标准', '用好$', '补齐$短板']
const ACTIONS = [
  '针对$，组织专班逐街走访，形成问题台账，逐项明确完成时限',
  '围绕$选取三个街镇先行试点，成熟后在全区推开',
  '将$纳入年度民生清单，由分管负责同志每月调度',
  '会同相关街镇对$开展联合检查，已整改问题一百余处',
  '委托第三方评估$的运行情况，评估结果向居民公示',
]
const RESULTS = ['居民满意度明显提升', '群众反映的堵点逐步打通', '运行成本有所下降', '为后续工作积累了经验']
const NEXT = ['下一步，我们将把$作为重点，持续加大投入。', '今年年底前，$将再提升一个档次。']
const ADDRESSEES = [
  '乔远舟委员：',
  '祁望舒、闻人静委员：',
  '民进临海区委员会：',
  '区工商联：',
  '尉迟朗委员：',
  '覃若水委员：',
]
const DEPUTIES = ['蔺思源代表：', '庾晓岚代表：', '邬大川等3名代表：']
const CLERKS = ['郗文博', '晏小满', '仉立秋']
const NUMERALS = '一二三四五六七八九十'

/** @param {number} seed */
function dice(seed) {
  const roll = random(seed)
  /** @param {number} n */
  const next = (n) => Math.floor(roll() * n)
  /** @template T @param {readonly T[]} list */
  const pick = (list) => list[next(list.length)]
  return { next, pick }
}

/** @param {Date} day */
const inChinese = (day) => `${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`

/**
 * An invented reply, the same for the same seed: who answers what when. Its text is made when it is asked for.
 * @param {number} seed
 * @param {Date} published the day the page gives; the letter was signed some weeks before
 */
export function inventLetter(seed, published) {
  const { next, pick } = dice(seed)
  const [topic, office, things] = pick(TOPICS)
  const isSuggestion = next(6) === 0
  const year = published.getUTCFullYear()
  const assembly = year < 2023 ? `十四届${NUMERALS[year - 2018]}次会议` : `十五届${NUMERALS[year - 2023]}次会议`
  // 37 has no factor in common with 1499: numbers recur behind 1499 letters only.
  const number = String(((seed * 37) % 1499) + 1).padStart(4, '0')
  const bureau = next(4) === 0 ? '临海区人民政府' : `临海区${office}`
  const paper = isSuggestion ? '建议' : '提案'
  const title = isSuggestion
    ? `${bureau}对市人大${assembly}第${number}号建议的答复`
    : pick([
        `${bureau}对市政协${assembly}第${number}号提案的答复`,
        `关于市政协${assembly}第${number}号提案的答复`,
        `对市政协${assembly}第${number}号“关于${topic}的提案”的答复`,
      ])
  const addressee = pick(isSuggestion ? DEPUTIES : ADDRESSEES)
  const signed = inChinese(new Date(published.getTime() - (5 + next(25)) * 86_400_000))

  /** Its lines, from the salutation to the contacts. */
  const lines = () => {
    // Its own dice, so that each asking gets the same text.
    const { next, pick } = dice(seed + 0x5eed)
    const action = () => pick(ACTIONS).replace('$', pick(things))
    const first = next(things.length)
    const sections = Array.from({ length: 2 + next(3) }, (_, i) => [
      `${NUMERALS[i]}、${SECTIONS[i]}`,
      ...Array.from({ length: 2 + next(2) }, (_, j) => {
        const heading = HEADINGS[(i + j) % 5].replace('$', things[(first + i + j) % 5])
        return `（${NUMERALS[j]}）${heading}。${action()}，${pick(RESULTS)}。`
      }),
    ]).flat()
    return [
      addressee,
      `您提出的关于${topic}的${paper}收悉，经研究，现答复如下：`,
      ...sections,
      pick(NEXT).replace('$', pick(things)),
      `感谢您对${office.replace('局', '')}工作的关心和支持，欢迎继续提出宝贵意见。`,
      bureau,
      signed,
      `联系人：${pick(CLERKS)}　联系电话：6${String(next(10_000_000)).padStart(7, '0')}`,
    ]
  }
  return { title, bureau, number, published: published.toISOString().slice(0, 10), lines }
}
