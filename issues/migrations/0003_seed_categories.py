from django.db import migrations

# The usual fourteen, with words by which a category is proposed while a cadre types.
CATEGORIES = [
    ("食堂餐饮", "食堂 饭 菜 餐 伙食 口味 凉菜 粥 保温"),
    ("洗浴住宿", "洗澡 浴池 澡堂 热水 宿舍 公寓 床 更衣"),
    ("通勤停车", "班车 通勤 停车 车位 接送 站点"),
    ("劳保用品", "劳保 手套 工作服 口罩 安全帽 洗发 毛巾 鞋"),
    ("薪酬待遇", "工资 奖金 补贴 津贴 绩效 福利 公积金 待遇"),
    ("工时排班", "加班 倒班 排班 夜班 休息 请假 年休假 考勤"),
    ("医疗体检", "体检 医院 看病 医保 报销 药 妇检"),
    ("子女教育", "孩子 幼儿园 学校 上学 入学 托管 放学"),
    ("安全隐患", "安全 隐患 护栏 照明 漏电 粉尘 通风 打滑"),
    ("设备工具", "设备 工具 机器 检修 备件 故障 皮带"),
    ("培训成长", "培训 技能 考证 学习 晋升 职称 比武"),
    ("工会服务", "工会 互助 会员 慰问 活动 健步 京卡"),
    ("生活设施", "路灯 道路 供暖 暖气 厕所 饮水 垃圾 物业"),
    ("管理建议", "管理 制度 流程 建议 领导 效率 公开"),
]


def add_categories(apps, schema_editor):
    category = apps.get_model("issues", "Category")
    category.objects.bulk_create(
        category(name=name, keywords="\n".join(words.split()), position=position)
        for position, (name, words) in enumerate(CATEGORIES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("issues", "0002_initial")]

    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
