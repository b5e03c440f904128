import { describe, expect, it } from 'vitest'
import {
  findAssembly,
  findCaseNumbers,
  findForm,
  findKind,
  findProposalTitle,
  findReplyingBody,
} from '../../src/letter/title.ts'
import { fold } from '../../src/text/fold.ts'

const stretch = (text: string) => ({ text, folded: fold(text), at: null })

it.each<[string, string | null]>([
  ['天津市澄江新区人民政府对市政协十四届五次会议第0427号提案的答复', '天津市澄江新区人民政府'],
  ['天津市水务局关于市十七届人大三次会议第0562号建议的答复', '天津市水务局'],
  ['青岚市住房局 对市政协八届二次会议第71号提案的办理答复', '青岚市住房局'],
  ['【青岚市生态环境局】关于政协提案第9号的答复', '青岚市生态环境局'],
  ['青岚市对外贸易局对市政协八届二次会议第71号提案的答复', '青岚市对外贸易局'],
  ['对市政协十四届四次会议第0101号提案的答复', null],
  ['关于对县政协第48号提案的答复', null],
])('the body in %s is %s', (title, body) => {
  expect(findReplyingBody(stretch(title))?.text ?? null).toBe(body)
})

describe('findAssembly', () => {
  it.each<[string, [string, number | null, number | null, string] | null]>([
    ['对市政协十四届四次会议第0101号提案的答复', ['市政协', 14, 4, 'cppcc']],
    ['对市政协第十五届一次会议第0101号提案的答复', ['市政协', 15, 1, 'cppcc']],
    ['对天津市政协第十四届三次会议第0101号提案的答复', ['天津市政协', 14, 3, 'cppcc']],
    ['关于政协青岚市七届四次会议第9号提案的答复', ['政协青岚市', 7, 4, 'cppcc']],
    ['对政协临河县第十届委员会第二次会议第9号提案的答复', ['政协临河县委员会', 10, 2, 'cppcc']],
    ['关于政协第十四届全国委员会第三次会议第01234号提案的答复', ['政协全国委员会', 14, 3, 'cppcc']],
    ['关于政协十三届全国委员会第四次会议第0123号提案答复的函', ['政协全国委员会', 13, 4, 'cppcc']],
    ['对市十七届人大二次会议第0063号建议的答复', ['市人大', 17, 2, 'npc']],
    ['对青岚市人大六届二次会议第7号建议的答复', ['青岚市人大', 6, 2, 'npc']],
    ['对临河县第十六届人民代表大会第二次会议第7号建议的答复', ['临河县人民代表大会', 16, 2, 'npc']],
    ['对临河市第九届人民代表大会 第三次会议第7号建议的答复', ['临河市人民代表大会', 9, 3, 'npc']],
    ['对区十五届人大六次会议闭会期间第0021号建议的答复', ['区人大', 15, 6, 'npc']],
    ['对十三届全国人大五次会议第6217号建议的答复', ['全国人大', 13, 5, 'npc']],
    ['对向阳区政协六届二次会议第7号提案的答复', ['向阳区政协', 6, 2, 'cppcc']],
    ['致公党青岚市委员会向青岚市政协八届三次会议提交了提案', ['青岚市政协', 8, 3, 'cppcc']],
    ['您在区十七届人大五次会议上提出的建议收悉', ['区人大', 17, 5, 'npc']],
    ['接到天津市政协第十四届三次会议第0647号提案', ['天津市政协', 14, 3, 'cppcc']],
    ['对第0312号提案的答复', null],
    ['第十届运动会第三次会议', null],
  ])('%s', (words, expected) => {
    const found = findAssembly(stretch(words))?.assembly
    expect(found ? [found.name, found.term, found.session, found.organ] : null).toEqual(expected)
  })
})

it.each<[string, string[]]>([
  ['对市政协十四届四次会议第0101号提案的答复', ['0101']],
  ['对市政协会议第 0432 号提案的答复', ['0432']],
  ['对第20250688号提案的答复', ['20250688']],
  ['对第BH035号建议的答复', ['BH035']],
  ['对第13、53号提案的答复', ['13', '53']],
  ['关于第12号、第31号建议的答复', ['12', '31']],
  ['对提案第0268号的答复', ['0268']],
  ['关于提案（第1006号）的答复', ['1006']],
  ['关于第02403号（医疗卫生类173号）提案的答复', ['02403']],
  ['答复（青建提复字〔2023〕第29号）', []],
  ['关于加强管理的答复', []],
])('the numbers in %s are %j', (words, numbers) => {
  expect(findCaseNumbers(stretch(words)).numbers).toEqual(numbers)
})

describe('findProposalTitle', () => {
  it.each<[string, string | null]>([
    ['您提出的“关于改善人居环境的提案”收悉，现答复如下：', '关于改善人居环境的提案'],
    ['您提出的《关于改善人居环境的建议》（第9号）收悉。', '关于改善人居环境的建议'],
    ['您提出的关于改善人居环境的建议的提案，经研究答复如下：', '关于改善人居环境的建议'],
    ['您提出的关于“改善人居环境的建议”的提案收悉', '改善人居环境的建议'],
    ['您提出的“关于“源”头治理的建议”的提案收悉', '关于“源”头治理的建议'],
    ['您提出的关于“放管服”改革落地的建议收悉', '关于“放管服”改革落地的建议'],
    ['您提出的《关于改善人居环境的建议》我局已收悉', '关于改善人居环境的建议'],
    ['您提出的“关于改善人居环境的建议”的建议（第9号）收悉', '关于改善人居环境的建议'],
    ['贵党派提出的关于完善制度的提案的建议，经研究答复如下：', '关于完善制度的提案'],
    ['您的来信收悉，现答复如下：', null],
  ])('opening %s', (words, title) => {
    expect(findProposalTitle(stretch(words), false)?.title.text ?? null).toBe(title)
  })

  it.each<[string, string | null]>([
    ['对区政协十届一次会议第57号提案的答复——关于修补路面的建议', '关于修补路面的建议'],
    ['对第9号建议（关于修补路面的建议）的答复', '关于修补路面的建议'],
    ['青岚市住房局对《关于修补路面的提案》的答复', '关于修补路面的提案'],
    ['青岚市住房局关于市政协八届二次会议第71号提案的答复', null],
    ['关于对市政协八届二次会议第71号提案的答复', null],
  ])('title %s', (words, title) => {
    expect(findProposalTitle(stretch(words), true)?.title.text ?? null).toBe(title)
  })
})

it.each([
  ['对市政协会议第9号建议的答复', 'cppcc_proposal'],
  ['对市人大会议第9号建议的答复', 'npc_suggestion'],
  ['对第9号代表建议的答复', 'npc_suggestion'],
  ['对第9号提案的答复', 'cppcc_proposal'],
  ['对第9号建议的答复', null],
])('%s is about %s', (title, kind) => {
  expect(findKind(title)).toBe(kind)
})

it.each([
  ['对提案的协办意见的函', '', 'co_handling'],
  ['对提案的答复', '现将会办情况函复如下:', 'co_handling'],
  ['对提案的办理落实情况', '', 'follow_up'],
  ['对提案的答复', '现将办理落实情况报告如下:', 'reply'],
])('%s | %s → %s', (title, opening, form) => {
  expect(findForm(title, opening)).toBe(form)
})
