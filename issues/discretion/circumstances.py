"""What tells of one person: who speaks of himself, his family, health, home, his figures, his post.

Read off the grammar of the sentence (a number with its measure word, the first person, a verb with 了) and a small
vocabulary (`words`), never off a list of sentences.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..enums import HitKind
from .spelling import Bare, bare, flat
from .words import GEAR, HOMELANDS, ILLNESS, KIN, PERSON, POSTS, any_of

CIPHER = "零〇一二两三四五六七八九十百千万亿"
NUMBER = rf"(?:\d+(?:\.\d+)?|[{CIPHER}]+)"
#: Two, three, …; a mere 一 counts nothing (一次性, 一致, 统一).
SEVERAL = r"(?:\d+(?:\.\d+)?|[二两三四五六七八九十百千万][零〇一二两三四五六七八九十百千万]*|好几|几)(?:来|多|几)?"
#: What is counted in one person's case. 条 of a line, 班 of a shift system and 个 of anything are not among them.
MEASURE = (
    "岁|趟|回|次|天|年|周|个月|个星期|个礼拜|个小时|小时|个钟头|钟头|分钟|块|元|毛|角|双|顿|口人|个人|斤|公斤|宿|夜|封|遍|张|瓶|"
    "里地|里路|公里|米|度|平米|平方|楼|层|条建议|条意见|个建议|个孩子|个班|个大夜|个夜班|个月工资"
)
#: Surnames that stand alone after 老 and 小; those that are ordinary words there (小白, 小方, 老路) are left out.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱何郭罗梁宋郑谢韩冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛阎余潘杜戴汪范姚谭廖邹熊陆郝孔崔邱秦侯邵孟钱尹黎贺赖龚乔顾闫庞樊殷施陶"
    "翟颜倪严温芦季俞章鲁葛韦毕聂焦牛祝耿"
)
#: Verbs of a post: 开大车的, 抡大锤的, 看泵房的.
HANDLES = (
    "落挡络纺织分理装卸剪磨炼铺挖钻砸拆爬调配充洗缝烤喷押称记算开跑抡烧看拉扫推扛管值"
    "修打送搬焊挂喊倒采凿放验收刷炒卖跟守巡带"
)


@dataclass(frozen=True)
class Rule:
    kind: HitKind
    pattern: re.Pattern[str]

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        return (found.span() for found in self.pattern.finditer(text))


def rule(kind: HitKind, *patterns: str) -> Rule:
    return Rule(kind, re.compile("|".join(patterns)))


RULES = (
    rule(
        HitKind.FIRST_PERSON,
        r"我(?:们|自己|本人|一个人)?(?!国|区|市|省|县)",
        r"俺们?|咱们?|(?<![到由])本人(?!签|领|确认|办理|持|自)|自己|自个儿?|亲自",
        r"[爸妈爹娘]说|跟你说|你说|你们?来|你看",
    ),
    rule(
        HitKind.FAMILY,
        rf"(?<![员职夫双园])(?:{any_of(KIN)})(?!会|协会|园区|节|公寓|女)",
        r"家属(?![区院楼可参])|家[在离住]|在家|回家|家里",
        r"(?:念|读|上)(?:小学|初[一二三中]|高[一二三中]|大[一二三四学]|[一二三四五六]年级|幼儿园)",
    ),
    rule(
        HitKind.HEALTH,
        rf"(?:{any_of(ILLNESS)})(?!防护|防治|预防|知识|讲座|管理制度)",
        r"(?:母亲|父亲|爱人|家人|自己|因|去年|前年|我)[^，。；]{0,3}住院",
        rf"住了?{NUMBER}(?:来|多)?天?院|住了?{NUMBER}(?:来|多)?天",
        r"(?:眼|耳|腰|腿|胃|心脏|肺|肝|肾|颈椎|膝盖|手|脚|背|嗓子|身体|肺上)[^，。；、]{0,3}(?:不(?:太|大)?(?:好|行|舒服)|有(?:点)?毛病|出(?:了)?问题|疼|痛|酸|肿|坏了)",
        r"病[^，。；、]{0,2}犯|犯[^，。；、]{0,2}病|(?<![疾])病了|得了[^，。；]{1,4}[病症炎癌]",
    ),
    rule(
        HitKind.HOME,
        r"(?<![居入])住(?![户院房宅宿所区])[^，。；、]{0,4}|租[房住在]|租的|房东|房本|山墙|带小?院",
        r"[东西南北](?:头|帮|排土|采场|坡|栋|楼|三楼|二楼)|[桥车台坡坝顶][上头下](?:那|的)|[里外上下]头那?|[一-龥]{1,3}[东西南北]侧那",
        rf"住(?:在)?(?:{NUMBER}|顶|底|最|一|把)[^，。；]{{0,3}}(?:楼|层|号|单元|栋|室)(?:[^，。；]{{0,2}}头)?",
        r"住(?:在)?[^，。；、院户房宅]{1,5}(?:楼|单元|顶头|对门|屯|平房|城里|县城|市里)",
        rf"{NUMBER}号楼|{NUMBER}单元|{NUMBER}栋|{NUMBER}室(?!温)",
        r"(?:楼|层)?顶头|把头|把边|顶楼|隔壁|对门|楼上|楼下",
        r"最(?:北|南|东|西|里|外|远|偏|高|低|顶|上|下|前|后)(?:边|头|面|端|处)?的?(?:那|一)个?[^，。；]{0,4}",
        r"[这那](?:边|头|儿|里|块儿?)(?:太|又|比较|也|真)?(?:远|偏|高|冷|热)|离[^，。；]{1,6}(?:二|两|三|十|几|\d|好)[^，。；]{0,4}(?:公里|里地|里路|米|站地)",
    ),
    rule(
        HitKind.FIGURE,
        # 两千八, 一百八十七趟, 四十二: a number so exact belongs to somebody's case.
        rf"(?<![第百分{CIPHER}\d])[一二两三四五六七八九十几][十百千万][{CIPHER}]*(?:来|多|几)?(?:{MEASURE})?(?![分字足号])",
        rf"(?<![第\d.])\d{{2,}}(?:\.\d+)?(?:来|多|余)?(?:{MEASURE})?(?![\d.年号%‰小时全])",
        rf"(?<![第每逐少数])(?<!少数){SEVERAL}(?:{MEASURE})(?!性|以内|内|一次|一度|制|倒|线|级|期|限)",
        rf"{NUMBER}(?:万|千|百)(?:多|来|余)?(?:块|元|钱)?",
        # A small number before any noun: 十七号机台, 三组, 四个人; without the fixed words of the trade.
        r"(?<![第百分十千万初一统周])[二两三四五六七八九](?=[一-龥])(?![维次级线班方项者季险是侧端类种重旁边会节是岗保金清害\d十百千万级])(?!号线)",
        r"[俩仨]|一人[看管干顶]|[一半](?:个小时|个钟头|个月|天工资|年多)|才半年|[六七八九零〇][零〇五]后",
        rf"(?<![地正])负[{CIPHER}\d]{{2,}}",
        rf"{NUMBER}(?:多)?岁|(?:{NUMBER})(?:来|多)了",
        r"一个在[^，。；]{1,8}一个在",
        rf"穿{NUMBER}(?:码|号)?|{NUMBER}米[{CIPHER}\d]|身高|体重",
        rf"[一-龥]了(?=[{CIPHER}\d好几多])(?<![除为罢])[^，。；、]{{1,6}}",
        rf"[一-龥]过(?:{NUMBER}|好几|几)[回次趟]",
        rf"(?:多|少|扣|罚|赔|垫|交|花|补|发|丢|欠|自费)(?:了|我)?(?:{NUMBER})(?:来|多)?(?:块|元|百|千|万|毛)",
    ),
    rule(
        HitKind.SERVICE,
        rf"(?:干|来|做|上班|开车|当|跑|下井|在矿上?|在厂里?|进厂|入职|参加工作)了?[^，。；]{{0,4}}(?:{NUMBER}|几|好几|大半)(?:来|多)?(?:年|辈子)",
        r"从[^，。；]{1,6}(?:调|转)(?:过?来|到)?|(?:调|转)过来的?",
        r"[一半]辈子|工龄|刚上班|刚工作|上班那年|老资格|[快要]退休",
        rf"{NUMBER}(?:来|多)?年(?:没|都没|不曾|了)",
    ),
    rule(
        HitKind.MOMENT,
        r"昨[天晚]|前[天晚]|前几天|前两天|前些天|大前[天年]|那[天次回年晚阵]|那段时间|[上头][次回](?!性)|上个?月|上周|上个?星期|上礼拜|前年|去年|"
        r"[今去前]年(?:春节|国庆|五一|端午|中秋|过年|夏天|冬天|春天|秋天|年底|[一二三四五六七八九十\d]+月)|过年那|刚[刚才]|有一[次回天]",
        rf"{NUMBER}月{NUMBER}[日号]|[初十廿]{NUMBER}那天|大?年(?:三十|初[一二三])",
        rf"(?:早上|晚上|夜里|凌晨|中午|下午){NUMBER}点|(?:国庆|除夕|春节|元旦|中秋|五一)(?:那|值班|加班|没|上班|当天)",
        rf"(?:零|{NUMBER})点(?:半|多|来钟|钟|{NUMBER}分?)|凌晨{NUMBER}点|半夜",
    ),
    rule(
        HitKind.EVENT,
        # Something happened: a sentence that ends with 了 tells a story, an official one does not.
        r"[一-龥]了(?=$|[，。；！])(?<!为了)(?<!罢了)|[一-龥]不(?:了(?!解)|来|惯|动(?!产)|着)|不会[一-龥]|不吃|不喝",
        r"那[拨帮伙群几]|(?:就|只|光)有?[^，。；]{1,3}个",
        r"(?<![其])[他她](?!人)们?|替[^，。；]{1,3}顶",
        # One among us to whom something happened.
        r"有(?:个|一个|人|位|一位)(?!人信息|性|别|体)[^，。；]{0,3}(?:小伙|同事|工友|师傅|人|大姐|兄弟|老|崴|摔|晕|碰|砸|伤|烫|中暑|丢|被)?",
        rf"都[^，。；、]{{1,6}}了(?![解结])|没[^，。；、]{{1,3}}过|(?:连着|接连|一连)[^，。；]{{0,2}}(?:{NUMBER}|好几|几)",
        r"着呢|呢(?=$|[，。；])|[吧嘛呗]|啥|咋|哪儿|这儿|那儿|一块儿|一会儿",
        r"(?:提|写|交|画|报|签|投)[过了](?:好几|几|[一二两三四五六七八九十\d])[^，。；、]{0,5}|我?还?(?:攒|留|存)着|录音|聊天记录|截图|字都没签|没签过",
    ),
    rule(
        HitKind.POST,
        rf"[{HANDLES}][一-龥]{{1,4}}(?<![到开于是动放卖收送])的(?=$|[，。；、（\s]|坐|一|我|都|也|没|要|干|得|得|最|更|常|天|每|零|下|上|师|职|同|人|工|是|查|反|提|说|希|建|夜|早|中)",
        r"(?<![职女男员民农临时高中初级技施分加用动开停完竣手人化军重轻总招复误窝怠罢返帮劳特各异])[一-龥]{0,2}(?<![职女男员民农临时高中初级技施分加用动开停完竣手人化军重轻总招复误窝怠罢返帮劳特各异矿按同应本])工(?![作资会具装服时伤序艺段区地程种龄期人友业厂])",
        any_of(POSTS),
        r"(?<![^，。；])[一-龥]{2,5}的(?=$|[，。；])",
        r"[一-龥]{1,3}的(?=$|[。！])(?<!情况的)(?<!条件的)",
        r"(?<![人职动定党会学成队官教减超满裁委演议雇递卖络])[一-龥](?<![人职动定党会学成队官教减超满裁委演议雇递卖络关])员(?!工|额|会|定|配)",
        r"(?:[甲乙丙丁]|[一-龥](?<![夜中白早晚倒下上值加替顶跟轮交接末各当训管航个同]))(?<![夜中白早晚倒下上值加替顶跟轮交接末各当训管航个同到连车分])班(?=$|[，。；的里])",
        r"(?<![、，。；和与及为的])[一-龥]{2}女工",
        r"[男女][一-龥]{0,2}(?:司机|师傅|班长|技师|徒弟|焊工|电工|钳工|天车工|驾驶员|更衣间)|女更衣|唯一的?女",
        r"(?<![车网约桥吊])司机(?!室|作业|反映|休息|驾驶)",
        r"[一-龥]{1,3}(?:技师|班长|段长|组长|工长|站长|调度员|化验员|保管员|安全员|核算员|统计员|质检员|巡检员|炊事员|驾驶员|操作员|信号员|把钩|看守员|值班员|保洁员|库管|材料员|劳资员)",
        r"[一-龥](?<![各类尘部])[一-龥](?<![分害管倒上下到在离换转轮定替同个顶值待返职])岗(?![位前级])|[一-龥]{2,3}(?:看守点|值守点|看守房|岗亭|休息点)",
    ),
    rule(
        HitKind.EQUIPMENT,
        rf"(?:{any_of(GEAR)})(?:护套|改造|上|那台)?",
        rf"{NUMBER}(?:号|#)(?!线|楼|文)[一-龥]{{1,2}}|[这那]台[一-龥]{{1,4}}",
    ),
    rule(
        HitKind.PERSON,
        any_of(PERSON),
        rf"(?:{any_of(HOMELANDS)})(?:人|来的|籍)(?!员|才)|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]",
        r"[男女]的(?!职|工)|胖|瘦(?!肉)|穿[一-龥]{0,2}号|[左右](?:耳|眼|腿|臂|肩|手|脚|膝)",
        r"(?:壮|苗|彝|土家|布依|侗|瑶|哈尼|傣|黎|畲|朝鲜|维吾尔|哈萨克|锡伯|蒙古|藏|回|满|鄂温克|达斡尔)族",
        r"最[年老][轻长大小]|最[小大]的|最胖|最矮|最高的",
    ),
    rule(HitKind.FORM_OF_ADDRESS, rf"[老小][{SURNAMES}](?![一-龥]?[具件型式])"),
)


def circumstances(text: str, *, names: Collection[str] = ()) -> Iterator[tuple[HitKind, int, int]]:
    """Kind and place of each; places may overlap. What lies within one of the names (of a unit) tells nothing."""
    even, here = flat(text), Bare.of(text)
    common = [span for name in names for span in here.find(bare(name))]
    for one in RULES:
        for start, end in one.places(even):
            if start < end and not any(first <= start and end <= last for first, last in common):
                yield one.kind, start, end
