"""Simplified to traditional characters, for those that invented offices use."""

from typing import Any

_PAIRS = (
    "党黨组組织織员員区區单單位位驻駐书書记記总總会會称稱类類别別级級时時间間联聯系系电電话話号號码碼证證务務职職业業从從"
    "数數预預备備转轉属屬领領导導负負责責人人长長经經营營态態无無签簽订訂结結对對项項内內容容进進条條单單建建设設隶隸"
    "统統学學历歷龄齡性性民民族族岗岗认認报報登登网網户戶现現现現场場办辦处處东東乐樂云雲双雙凤鳳门門银銀锦錦华華"
    "兴興发發达達远遠恺愷铭銘钰鈺峻峻骏駿迪迪涛濤诚誠贸貿广廣传傳机機备備药藥连連锁鎖车車维維软軟件件饰飾饮飲"
    "务務燃燃气氣粮糧储儲协協师師画畫养養环環卫衛园園绿綠动動产產税稅监監管管队隊护護实實验驗儿兒妇婦医醫馆館"
    "图圖档檔仓倉执執应應当當层層参參与與体體补補关關镇鎮乡鄉荫蔭钟鐘临臨渔漁阳陽霁霽桥橋岭嶺壑壑宁寧伟偉丽麗强強"
    "军軍勇勇艳艷杰傑娟娟刚剛桂桂琳琳欣欣梦夢彤彤轩軒雯雯岚嵐赵趙钱錢孙孫吴吳郑鄭冯馮陈陳蒋蔣韩韓杨楊许許吕呂"
    "张張严嚴华華谢謝邹鄒苏蘇鲁魯韦韋马馬贺賀汤湯龙龍务務姜姜运運输輸农農药藥库庫储儲创創办辦优優爱愛国國汇匯"
    "资資金金额額邮郵费費载載续續继繼变變这這样樣过過还還将將两兩义義乌烏习習买買亏虧亚亞什什仅僅仪儀们們价價众眾"
    "伤傷侧側债債倾傾储儲册冊写寫农農冲沖决決况況冻凍净淨准準减減凭憑凯凱击擊划劃则則刘劉创創删刪剂劑剑劍剧劇劝勸"
    "办辦务務劳勞势勢匀勻华華卖賣卢盧卫衛却卻厂廠厅廳历歷压壓厦廈县縣参參双雙发發变變叠疊叶葉号號吗嗎后後听聽启啟"
    "咨諮响響唤喚啬嗇嘱囑团團困困围圍固固国國图圖圆圓圣聖坏壞块塊坚堅坛壇坟墳垄壟垒壘堕墮墙牆壮壯声聲处處够夠头頭夹夾奋奮奖獎妆妝"
    "选選举舉届屆换換届屆满滿终終止止签簽约約届屆题題纲綱规規标標准準评評议議调調检檢讲講课課训訓试試语語说說请請诊診"
    "诉訴词詞详詳诺諾谊誼谈談谋謀谐諧识識译譯谁誰购購贡貢财財责責败敗货貨质質贫貧贴貼贵貴贷貸赁賃赛賽赞讚趋趨践踐轮輪"
)
_TABLE = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def traditional(value: Any) -> Any:
    """Every text in `value` in traditional characters; the keys of a dict stay."""
    if isinstance(value, str):
        return value.translate(_TABLE)
    if isinstance(value, list):
        return [traditional(item) for item in value]
    if isinstance(value, tuple):
        return tuple(traditional(item) for item in value)
    if isinstance(value, dict):
        return {key: traditional(item) for key, item in value.items()}
    return value
