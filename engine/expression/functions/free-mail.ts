/**
 * Domains at which anybody gets a mailbox. A list of our own: the lists on npm (email-providers, freemail) also name companies and
 * portals (alibaba.com, discovery.com, spb.ru) and lack mailboxes of Russia, Belarus and Kazakhstan; a company's lead that is
 * taken for a private one costs more than the reverse.
 */
const DOMAINS = `
  gmail.com googlemail.com outlook.com hotmail.com live.com msn.com windowslive.com
  hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es hotmail.ru live.ru live.co.uk live.fr live.de live.it outlook.de outlook.fr outlook.es
  yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.ar yahoo.com.mx
  yahoo.co.in yahoo.in yahoo.co.jp yahoo.com.au yahoo.com.tr yahoo.com.vn yahoo.co.id yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.hk
  icloud.com me.com mac.com aol.com aim.com mail.com email.com usa.com gmx.com gmx.net gmx.de gmx.at gmx.ch web.de freenet.de t-online.de
  proton.me protonmail.com protonmail.ch pm.me tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me
  fastmail.com fastmail.fm hey.com hushmail.com mailbox.org posteo.de posteo.net runbox.com zoho.com zohomail.com zohomail.eu inbox.com duck.com
  mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru vk.com yandex.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz ya.ru narod.ru
  rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru rambler.ua pochta.ru qip.ru nextmail.ru hotbox.ru land.ru front.ru pisem.net
  mail.ua i.ua ukr.net bigmir.net meta.ua email.ua online.ua tut.by mail.by mail.kz inbox.lv inbox.lt inbox.ee mail.ee hot.ee apollo.lv one.lv
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it alice.it tin.it tiscali.it hispavista.com
  wp.pl onet.pl onet.eu o2.pl interia.pl interia.eu op.pl tlen.pl poczta.onet.pl seznam.cz email.cz post.cz centrum.cz volny.cz azet.sk zoznam.sk
  freemail.hu citromail.hu abv.bg mail.bg dir.bg terra.com.br uol.com.br bol.com.br ig.com.br telenet.be skynet.be ziggo.nl kpnmail.nl hetnet.nl
  btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
  earthlink.net juno.com shaw.ca rogers.com sympatico.ca telus.net bigpond.com optusnet.com.au xtra.co.nz
  qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com
  naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com indiatimes.com
  walla.co.il walla.com mynet.com mail.az box.az mail.ge
`;

export const FREE_MAIL: ReadonlySet<string> = new Set(DOMAINS.trim().split(/\s+/));
