"""How contacts look."""

from django import template

from ..enums import ContactChannel

register = template.Library()

ICONS = {
    ContactChannel.FACE_TO_FACE: "people",
    ContactChannel.PHONE: "telephone",
    ContactChannel.VOICE: "telephone",
    ContactChannel.WECHAT: "wechat",
    ContactChannel.QQ: "chat-dots",
    ContactChannel.GROUP_CHAT: "chat-square-text",
    ContactChannel.MOMENTS: "chat-dots",
    ContactChannel.PUBLIC_ACCOUNT: "reply",
    ContactChannel.MEETING: "calendar-event",
    ContactChannel.WORKING_TOGETHER: "wrench",
    ContactChannel.CONDOLENCE: "heart",
    ContactChannel.COLD_DRINKS: "cup-hot",
    ContactChannel.SURVEY: "clipboard-data",
    ContactChannel.NEWS_FILMING: "camera",
}


@register.filter
def channel_icon(channel: str) -> str:
    return ICONS[ContactChannel(channel)]
