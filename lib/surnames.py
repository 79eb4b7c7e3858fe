"""How surnames are read, where that differs from the character's usual reading."""

SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "区": "ou", "朴": "piao", "任": "ren",
    "华": "hua", "盖": "ge", "缪": "miao", "员": "yun", "种": "chong", "繁": "po", "尉": "wei", "乐": "yue",
    "翟": "zhai", "折": "she", "黑": "he", "冼": "xian", "洗": "xian", "宓": "mi", "召": "shao", "覃": "qin",
    "谌": "chen", "逄": "pang", "宁": "ning", "哈": "ha", "祭": "zhai", "牟": "mou", "那": "na", "隗": "wei",
    "阚": "kan", "乜": "nie", "葛": "ge", "卜": "bu", "秘": "bi", "万": "wan", "褚": "chu", "句": "gou",
    "纪": "ji", "应": "ying", "薄": "bo", "燕": "yan", "车": "che", "都": "du", "贾": "jia", "郗": "xi",
    "郇": "xun", "仉": "zhang", "撒": "sa", "沈": "shen", "陆": "lu", "强": "qiang", "曲": "qu", "少": "shao",
    "相": "xiang", "长": "chang", "於": "yu", "余": "yu", "佘": "she", "藏": "zang", "柏": "bai", "瞿": "qu",
    "亓": "qi", "訾": "zi", "莘": "shen", "佴": "nai", "厍": "she", "么": "yao", "能": "nai", "呙": "guo",
    "粘": "nian", "盛": "sheng", "樊": "fan", "钭": "tou", "炅": "gui", "角": "jue", "郤": "xi", "闫": "yan",
    "过": "guo", "石": "shi", "尹": "yin", "令": "ling", "仝": "tong", "幺": "yao", "晁": "chao",
    "甯": "ning", "寗": "ning", "戴": "dai", "费": "fei", "洪": "hong", "和": "he", "冯": "feng", "系": "xi",
    "降": "jiang", "正": "zheng", "生": "sheng", "奇": "qi", "巷": "xiang", "阿": "a", "俞": "yu", "弥": "mi",
    "重": "chong", "行": "xing", "传": "chuan", "尽": "jin", "朝": "chao", "调": "diao", "大": "da", "适": "kuo",
}  # fmt: skip

COMPOUND_SURNAMES = {
    "单于": ("chan", "yu"), "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "鲜于": ("xian", "yu"), "宇文": ("yu", "wen"),
    "呼延": ("hu", "yan"), "皇甫": ("huang", "fu"), "欧阳": ("ou", "yang"), "上官": ("shang", "guan"),
    "司马": ("si", "ma"), "诸葛": ("zhu", "ge"), "夏侯": ("xia", "hou"), "东方": ("dong", "fang"),
    "公孙": ("gong", "sun"), "慕容": ("mu", "rong"), "独孤": ("du", "gu"), "司徒": ("si", "tu"),
    "司空": ("si", "kong"), "轩辕": ("xuan", "yuan"), "太史": ("tai", "shi"), "申屠": ("shen", "tu"),
    "仲孙": ("zhong", "sun"), "濮阳": ("pu", "yang"), "淳于": ("chun", "yu"), "赫连": ("he", "lian"),
    "闻人": ("wen", "ren"), "公冶": ("gong", "ye"), "宗政": ("zong", "zheng"), "钟离": ("zhong", "li"),
    "宰父": ("zai", "fu"), "谷梁": ("gu", "liang"), "百里": ("bai", "li"), "南宫": ("nan", "gong"),
    "端木": ("duan", "mu"), "纳兰": ("na", "lan"), "西门": ("xi", "men"), "拓跋": ("tuo", "ba"),
    "第五": ("di", "wu"), "亓官": ("qi", "guan"), "子车": ("zi", "ju"), "颛孙": ("zhuan", "sun"),
    "乐正": ("yue", "zheng"), "漆雕": ("qi", "diao"), "壤驷": ("rang", "si"), "公西": ("gong", "xi"),
    "巫马": ("wu", "ma"), "闾丘": ("lv", "qiu"), "左丘": ("zuo", "qiu"), "东郭": ("dong", "guo"),
    "南门": ("nan", "men"), "微生": ("wei", "sheng"), "梁丘": ("liang", "qiu"), "完颜": ("wan", "yan"),
    "耶律": ("ye", "lv"), "叶赫": ("ye", "he"), "爱新": ("ai", "xin"),
}  # fmt: skip

# Surnames that families read in two ways; search finds either.
SECOND_READINGS = {
    "覃": "tan", "盖": "gai", "牟": "mu", "隗": "kui", "郗": "chi", "莘": "xin", "乐": "le", "葛": "gai",
    "员": "yuan", "那": "nuo", "种": "zhong", "翟": "di", "洗": "xi", "折": "zhe",
    "单": "dan", "仇": "chou", "解": "jie", "查": "cha", "区": "qu", "朴": "pu", "曾": "ceng",
}  # fmt: skip
