<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
 <context>
  <name>Counter</name>
  <message>
   <source>A sale without a card needs nothing here.</source>
   <translation>无卡结账，这里无需操作。</translation>
  </message>
  <message>
   <source>All</source>
   <translation>全部</translation>
  </message>
  <message>
   <source>All that is left, unless you type less: {amount}</source>
   <translation>不输入即为剩余全部：{amount}</translation>
  </message>
  <message>
   <source>Amount</source>
   <translation>金额</translation>
  </message>
  <message>
   <source>Amount to refund</source>
   <translation>退款金额</translation>
  </message>
  <message>
   <source>Another receipt</source>
   <translation>换一张小票</translation>
  </message>
  <message>
   <source>Approved by</source>
   <translation>批准人</translation>
  </message>
  <message>
   <source>Asked for by</source>
   <translation>申请人</translation>
  </message>
  <message>
   <source>Back to selling</source>
   <translation>返回收款</translation>
  </message>
  <message>
   <source>Being confirmed by the street…</source>
   <translation>商街正在确认…</translation>
  </message>
  <message>
   <source>Card</source>
   <comment>way to pay</comment>
   <translation>刷卡</translation>
  </message>
  <message>
   <source>Card {code}</source>
   <translation>会员卡 {code}</translation>
  </message>
  <message>
   <source>Card {code} · points on it {amount}</source>
   <translation>会员卡 {code} · 现有积分 {amount}</translation>
  </message>
  <message>
   <source>Cash</source>
   <translation>现金</translation>
  </message>
  <message>
   <source>Cash given</source>
   <translation>实收现金</translation>
  </message>
  <message>
   <source>Catching up · {reached} of {shops}</source>
   <translation>正在同步 · {reached}/{shops} 家</translation>
  </message>
  <message>
   <source>Change</source>
   <translation>找零</translation>
  </message>
  <message>
   <source>Clear</source>
   <translation>清空</translation>
  </message>
  <message>
   <source>Clock {minutes} min fast</source>
   <translation>时钟快 {minutes} 分钟</translation>
  </message>
  <message>
   <source>Clock {minutes} min slow</source>
   <translation>时钟慢 {minutes} 分钟</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>关闭</translation>
  </message>
  <message>
   <source>Complaint</source>
   <translation>顾客投诉</translation>
  </message>
  <message>
   <source>Confirmed by the street</source>
   <translation>商街已确认</translation>
  </message>
  <message>
   <source>Confirmed without points: {amount} more was to pay.</source>
   <translation>已确认，未用积分：应另收 {amount}。</translation>
  </message>
  <message>
   <source>Confirmed. No points were given: the shop reached its points limit. The sale is fine.</source>
   <translation>已确认。本店积分额度已满，这一单没有送积分，交易本身有效。</translation>
  </message>
  <message>
   <source>Connecting…</source>
   <translation>正在连接…</translation>
  </message>
  <message>
   <source>Correction of a mistake</source>
   <translation>更正差错</translation>
  </message>
  <message>
   <source>Delete the last digit</source>
   <translation>删除最后一位</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>完成</translation>
  </message>
  <message>
   <source>Enrol with it</source>
   <translation>用此卡入会</translation>
  </message>
  <message>
   <source>Enrolling the card…</source>
   <translation>正在登记会员卡…</translation>
  </message>
  <message>
   <source>Enter</source>
   <translation>确定</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>查找</translation>
  </message>
  <message>
   <source>First visit</source>
   <translation>首次光临</translation>
  </message>
  <message>
   <source>Give back now</source>
   <translation>现在退给顾客</translation>
  </message>
  <message>
   <source>Give back {amount}</source>
   <translation>请退款 {amount}</translation>
  </message>
  <message>
   <source>Give nothing back yet</source>
   <translation>先不要退款</translation>
  </message>
  <message>
   <source>Give points</source>
   <translation>赠送积分</translation>
  </message>
  <message>
   <source>Give {amount}</source>
   <translation>赠送 {amount}</translation>
  </message>
  <message>
   <source>Goodwill</source>
   <translation>店家心意</translation>
  </message>
  <message>
   <source>Language: {name}</source>
   <translation>语言：{name}</translation>
  </message>
  <message>
   <source>Last sale {time}</source>
   <translation>上一单 {time}</translation>
  </message>
  <message>
   <source>Last visit {day}</source>
   <translation>上次光临 {day}</translation>
  </message>
  <message>
   <source>Looking up receipt {order}…</source>
   <translation>正在查找小票 {order}…</translation>
  </message>
  <message>
   <source>Looking up the card…</source>
   <translation>正在查询会员卡…</translation>
  </message>
  <message>
   <source>Max</source>
   <translation>最多</translation>
  </message>
  <message>
   <source>Money back</source>
   <translation>退还款项</translation>
  </message>
  <message>
   <source>New card</source>
   <translation>新卡</translation>
  </message>
  <message>
   <source>Newest sales of this register</source>
   <translation>本收银台最近的销售</translation>
  </message>
  <message>
   <source>No points on this card yet.</source>
   <translation>此卡还没有积分。</translation>
  </message>
  <message>
   <source>No refunds just now</source>
   <translation>目前不能退款</translation>
  </message>
  <message>
   <source>No sale to give back</source>
   <translation>没有可退的销售</translation>
  </message>
  <message>
   <source>None</source>
   <translation>不用</translation>
  </message>
  <message>
   <source>Not a card of this street</source>
   <translation>不是本商街的会员卡</translation>
  </message>
  <message>
   <source>Not a card of this street: {code}. Nothing was changed.</source>
   <translation>不是本商街的会员卡：{code}。未做任何更改。</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>其他</translation>
  </message>
  <message>
   <source>Other reason</source>
   <translation>其他原因</translation>
  </message>
  <message>
   <source>PIN of who approves</source>
   <translation>批准人的密码</translation>
  </message>
  <message>
   <source>Paid {amount}</source>
   <translation>已收 {amount}</translation>
  </message>
  <message>
   <source>Paid {amount} by card</source>
   <translation>已刷卡 {amount}</translation>
  </message>
  <message>
   <source>Paid {amount} cash</source>
   <translation>已收现金 {amount}</translation>
  </message>
  <message>
   <source>Please choose</source>
   <translation>请选择</translation>
  </message>
  <message>
   <source>Points back</source>
   <translation>退还积分</translation>
  </message>
  <message>
   <source>Points by hand</source>
   <translation>手工赠送积分</translation>
  </message>
  <message>
   <source>Points by hand need a card. Please scan it first.</source>
   <translation>手工赠送积分需要会员卡。请先扫卡。</translation>
  </message>
  <message>
   <source>Points for card {code}. Promise nothing before they are confirmed.</source>
   <translation>给会员卡 {code} 的积分。确认之前请勿向顾客承诺。</translation>
  </message>
  <message>
   <source>Points not confirmed yet. Nothing was taken. Wait, or go on without points.</source>
   <translation>积分尚未确认，没有扣除任何积分。可以等待，或不用积分继续。</translation>
  </message>
  <message>
   <source>Points not confirmed yet. Nothing was taken. Wait, or take {amount} more.</source>
   <translation>积分尚未确认，没有扣除任何积分。可以等待，或另收 {amount}。</translation>
  </message>
  <message>
   <source>Points on the card</source>
   <translation>卡内积分</translation>
  </message>
  <message>
   <source>Points taken back: {amount} (earned on this sale)</source>
   <translation>收回积分：{amount}（本次消费所得）</translation>
  </message>
  <message>
   <source>Points to give</source>
   <translation>赠送积分数</translation>
  </message>
  <message>
   <source>Points to use</source>
   <translation>使用积分</translation>
  </message>
  <message>
   <source>Points use the street's time. Please correct the clock.</source>
   <translation>积分以商街时间为准，请校正本机时钟。</translation>
  </message>
  <message>
   <source>Points used</source>
   <translation>积分抵扣</translation>
  </message>
  <message>
   <source>Promotion</source>
   <translation>促销活动</translation>
  </message>
  <message>
   <source>Ready for the first sale.</source>
   <translation>可以开始收款。</translation>
  </message>
  <message>
   <source>Reason</source>
   <translation>原因</translation>
  </message>
  <message>
   <source>Receipt</source>
   <translation>小票</translation>
  </message>
  <message>
   <source>Receipt number</source>
   <translation>小票号</translation>
  </message>
  <message>
   <source>Receipt {order}</source>
   <translation>小票 {order}</translation>
  </message>
  <message>
   <source>Refund</source>
   <translation>退款</translation>
  </message>
  <message>
   <source>Refund of receipt {order} confirmed by the street</source>
   <translation>小票 {order} 的退款已由商街确认</translation>
  </message>
  <message>
   <source>Refund of receipt {order}, {amount}: give nothing back yet.</source>
   <translation>小票 {order} 退款 {amount}：先不要退给顾客。</translation>
  </message>
  <message>
   <source>Refund {amount}</source>
   <translation>退款 {amount}</translation>
  </message>
  <message>
   <source>Refunded</source>
   <translation>退款合计</translation>
  </message>
  <message>
   <source>Refused. Give nothing back.</source>
   <translation>已拒绝。请勿退款。</translation>
  </message>
  <message>
   <source>Refused: refund of receipt {order}, {amount}</source>
   <translation>已拒绝：小票 {order} 退款 {amount}</translation>
  </message>
  <message>
   <source>Refused: {sale}</source>
   <translation>未成立：{sale}</translation>
  </message>
  <message>
   <source>Register {number}</source>
   <translation>{number} 号收银台</translation>
  </message>
  <message>
   <source>Remove card</source>
   <translation>移除此卡</translation>
  </message>
  <message>
   <source>Saved on this computer. It is sent as soon as the connection is back.</source>
   <translation>已保存在本机，恢复连接后自动发送。</translation>
  </message>
  <message>
   <source>Scan a card to use points.</source>
   <translation>扫描会员卡后可使用积分。</translation>
  </message>
  <message>
   <source>Scan card</source>
   <translation>请扫会员卡</translation>
  </message>
  <message>
   <source>Scan the receipt's code, type its number, or pick the sale.</source>
   <translation>请扫小票上的码、输入小票号，或从列表中选择。</translation>
  </message>
  <message>
   <source>Set off against later points: {amount} (already spent)</source>
   <translation>将从以后的积分中抵扣：{amount}（已被用掉）</translation>
  </message>
  <message>
   <source>Setting points aside…</source>
   <translation>正在预留积分…</translation>
  </message>
  <message>
   <source>Street in step · {reached} of {shops} shops</source>
   <translation>商街账本同步 · {reached}/{shops} 家</translation>
  </message>
  <message>
   <source>Street out of reach · {reached} of {shops} shops</source>
   <translation>连不上商街 · {reached}/{shops} 家</translation>
  </message>
  <message>
   <source>The card could not be looked up</source>
   <translation>无法查询此卡</translation>
  </message>
  <message>
   <source>The card was not enrolled</source>
   <translation>此卡未登记成功</translation>
  </message>
  <message>
   <source>The cash given is less than what is to pay.</source>
   <translation>实收现金少于应收金额。</translation>
  </message>
  <message>
   <source>The customer photographs this code: it is her card.</source>
   <translation>请顾客拍下此码，它就是会员卡。</translation>
  </message>
  <message>
   <source>The next {amount} earned here are set off (refund)</source>
   <translation>在本店接下来获得的 {amount} 积分将被抵扣（因退款）</translation>
  </message>
  <message>
   <source>The refund of receipt {order} is being confirmed by the street.</source>
   <translation>小票 {order} 的退款正在由商街确认。</translation>
  </message>
  <message>
   <source>The refund of receipt {order} is saved on this computer. It is sent, once, as soon as the connection is back.</source>
   <translation>小票 {order} 的退款已保存在本机。连接恢复后会自动提交，且只提交一次。</translation>
  </message>
  <message>
   <source>The sale need not wait for it.</source>
   <translation>无需等待，可继续收款。</translation>
  </message>
  <message>
   <source>Then expire: {dates}</source>
   <translation>其后到期：{dates}</translation>
  </message>
  <message>
   <source>They are on card {code} now. Left for today: {left}.</source>
   <translation>已记入会员卡 {code}。今日还可赠送：{left}。</translation>
  </message>
  <message>
   <source>They stand below the code on the card.</source>
   <translation>印在卡片二维码的下方。</translation>
  </message>
  <message>
   <source>This code is not for the counter. Nothing was changed.</source>
   <translation>此码不在收银台使用。未做任何更改。</translation>
  </message>
  <message>
   <source>This is no receipt. Nothing was changed.</source>
   <translation>这不是小票。未作任何更改。</translation>
  </message>
  <message>
   <source>This register has sold nothing yet.</source>
   <translation>本收银台还没有销售。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Nothing was refunded. It goes on by itself as soon as the connection is back.</source>
   <translation>本店节点没有响应。没有退款。连接恢复后会自动继续。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Points by hand wait until it is back.</source>
   <translation>本店节点没有响应。恢复之前不能手工赠送积分。</translation>
  </message>
  <message>
   <source>This will be given back</source>
   <translation>将要退还</translation>
  </message>
  <message>
   <source>To pay</source>
   <translation>应收</translation>
  </message>
  <message>
   <source>Total</source>
   <translation>合计</translation>
  </message>
  <message>
   <source>Type the card's eight digits</source>
   <translation>输入 8 位卡号</translation>
  </message>
  <message>
   <source>Type the number</source>
   <translation>输入卡号</translation>
  </message>
  <message>
   <source>Understood</source>
   <translation>知道了</translation>
  </message>
  <message>
   <source>Up to {share} % of a bill can be paid with points.</source>
   <translation>积分最多可抵账单的 {share}%。</translation>
  </message>
  <message>
   <source>Wait</source>
   <translation>等待</translation>
  </message>
  <message>
   <source>Waiting for the connection…</source>
   <translation>正在等待连接…</translation>
  </message>
  <message>
   <source>What is given back, in money and in points, is shown first.</source>
   <translation>确认之前会先显示退多少钱、退多少积分。</translation>
  </message>
  <message>
   <source>Which sale?</source>
   <translation>要退哪一笔？</translation>
  </message>
  <message>
   <source>Without points</source>
   <translation>不用积分</translation>
  </message>
  <message>
   <source>Without points: take {amount} more.</source>
   <translation>不用积分：请另收 {amount}。</translation>
  </message>
  <message>
   <source>all of it expires {day}</source>
   <translation>全部积分有效期至{day}</translation>
  </message>
  <message>
   <source>at most {amount}</source>
   <translation>最多 {amount}</translation>
  </message>
  <message>
   <source>being confirmed</source>
   <translation>确认中</translation>
  </message>
  <message>
   <source>change {amount}</source>
   <translation>找零 {amount}</translation>
  </message>
  <message>
   <source>confirmed</source>
   <translation>已确认</translation>
  </message>
  <message>
   <source>d MMM</source>
   <comment>day of this year</comment>
   <translation>M月d日</translation>
  </message>
  <message>
   <source>d MMM yyyy</source>
   <comment>day of another year</comment>
   <translation>yyyy年M月d日</translation>
  </message>
  <message>
   <source>earned {amount}</source>
   <translation>获得积分 {amount}</translation>
  </message>
  <message>
   <source>given back</source>
   <translation>已全部退还</translation>
  </message>
  <message>
   <source>given back before: {amount}</source>
   <translation>此前已退 {amount}</translation>
  </message>
  <message>
   <source>in cash</source>
   <translation>以现金</translation>
  </message>
  <message>
   <source>in money</source>
   <translation>款项</translation>
  </message>
  <message>
   <source>in points</source>
   <translation>积分</translation>
  </message>
  <message>
   <source>left for today: {amount}</source>
   <translation>今日还可赠送：{amount}</translation>
  </message>
  <message>
   <source>left of the sale</source>
   <translation>该笔销售剩余</translation>
  </message>
  <message>
   <source>new balance {amount}</source>
   <translation>积分余额 {amount}</translation>
  </message>
  <message>
   <source>of it points {amount}</source>
   <translation>其中积分 {amount}</translation>
  </message>
  <message>
   <source>of it {amount} expires {day}</source>
   <translation>其中 {amount} 有效期至{day}</translation>
  </message>
  <message>
   <source>points asked for {amount}</source>
   <translation>待抵扣积分 {amount}</translation>
  </message>
  <message>
   <source>points back {amount}</source>
   <translation>退还积分 {amount}</translation>
  </message>
  <message>
   <source>points taken back</source>
   <translation>收回积分</translation>
  </message>
  <message>
   <source>points taken back {amount}</source>
   <translation>收回积分 {amount}</translation>
  </message>
  <message>
   <source>points used {amount}</source>
   <translation>已抵扣积分 {amount}</translation>
  </message>
  <message>
   <source>points {amount}</source>
   <translation>积分 {amount}</translation>
  </message>
  <message>
   <source>refused</source>
   <translation>未成立</translation>
  </message>
  <message>
   <source>set off later {amount}</source>
   <translation>以后抵扣 {amount}</translation>
  </message>
  <message>
   <source>the way it was paid</source>
   <translation>按原付款方式</translation>
  </message>
  <message>
   <source>to be set off</source>
   <translation>以后抵扣</translation>
  </message>
  <message>
   <source>to card {code}</source>
   <translation>退到会员卡 {code}</translation>
  </message>
  <message>
   <source>to the bank card that paid</source>
   <translation>退到付款的银行卡</translation>
  </message>
  <message>
   <source>without a card</source>
   <translation>无会员卡</translation>
  </message>
  <message>
   <source>{amount} given</source>
   <translation>已赠送 {amount}</translation>
  </message>
  <message>
   <source>{amount} later</source>
   <translation>其余 {amount}</translation>
  </message>
  <message>
   <source>{amount} left</source>
   <translation>剩余 {amount}</translation>
  </message>
  <message>
   <source>{amount} more can be used from {day}</source>
   <translation>另有 {amount} 可自{day}起使用</translation>
  </message>
  <message>
   <source>{amount} set aside for this sale</source>
   <translation>已为本单预留 {amount}</translation>
  </message>
  <message>
   <source>{amount} until {day}</source>
   <translation>{amount} 有效期至{day}</translation>
  </message>
  <message>
   <source>{count} not confirmed</source>
   <translation>{count} 笔待确认</translation>
  </message>
  <message>
   <source>{shop}: refund of receipt {order}, {day}</source>
   <translation>{shop}：小票 {order} 退款，{day}</translation>
  </message>
 </context>
 <context>
  <name>errors</name>
  <message>
   <source>A PIN has {least} to {most} digits. Nothing was changed. Please type it again.</source>
   <translation>密码应为 {least} 到 {most} 位数字。未做任何更改。请重新输入。</translation>
  </message>
  <message>
   <source>A card has {expected} digits, these are {digits}. Please type them again.</source>
   <translation>卡号应为 {expected} 位，现在是 {digits} 位。请重新输入。</translation>
  </message>
  <message>
   <source>A change takes effect with a clearing period that has yet to begin, and not in the far future. Nothing was proposed. Choose one of the next six.</source>
   <translation>更改只能从尚未开始的清算期起生效，且不能太远。没有提出提案。请在接下来的六个清算期中选择。</translation>
  </message>
  <message>
   <source>A count holds more page views than the street allows, so it was not recorded. Sales and points are safe. Please tell whoever looks after the shop's pages.</source>
   <translation>页面浏览次数超出商街允许的数量，所以没有记录。交易和积分是安全的。请告知维护本店网页的人。</translation>
  </message>
  <message>
   <source>A count names more visitors than pages that were looked at, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>统计中的访客多于被浏览的页面，所以没有记录。交易和积分是安全的。请更新本程序。</translation>
  </message>
  <message>
   <source>A count of page views ends before it begins, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>页面浏览统计的结束早于开始，所以没有记录。交易和积分是安全的。请更新本程序。</translation>
  </message>
  <message>
   <source>A count of page views is in disorder, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>页面浏览统计的顺序错乱，所以没有记录。交易和积分是安全的。请更新本程序。</translation>
  </message>
  <message>
   <source>A count of page views lies in the future, so it was not recorded. Sales and points are safe. Please correct this computer's clock.</source>
   <translation>页面浏览统计的时间在未来，所以没有记录。交易和积分是安全的。请校正本机时钟。</translation>
  </message>
  <message>
   <source>A full stamp card needs a coupon of this shop that is given to cards. The stamp card was not published. Please make that coupon first.</source>
   <translation>集满的集章卡要换本店发给会员卡的优惠券。集章卡没有发布。请先制作那种优惠券。</translation>
  </message>
  <message>
   <source>A program came without the right token. It was refused.</source>
   <translation>程序没有正确的令牌，已被拒绝。</translation>
  </message>
  <message>
   <source>A program of another user (uid {uid}) was refused.</source>
   <translation>其他用户（uid {uid}）的程序已被拒绝。</translation>
  </message>
  <message>
   <source>A shop cannot send a customer to itself. Nothing was recorded. Please choose another shop.</source>
   <translation>店铺不能把顾客介绍给自己。没有记账。请选择另一家店铺。</translation>
  </message>
  <message>
   <source>A shop is named twice, or this shop names itself as the other party. Nothing was stamped. Please name every other shop once.</source>
   <translation>有店铺写了两次，或本店把自己写成了对方。没有盖章。请把每家其他店铺各写一次。</translation>
  </message>
  <message>
   <source>A shop's own bond stands behind it anyway. No stake was moved. Choose another shop.</source>
   <translation>店铺自己的保证金本来就支持自己。没有转移保证金。请选择另一家店铺。</translation>
  </message>
  <message>
   <source>Another card has these eight digits already. Nothing was changed. Please use another card.</source>
   <translation>已有另一张卡使用这 8 位卡号。未做任何更改。请换一张卡。</translation>
  </message>
  <message>
   <source>Another refund of receipt {order} was recorded under this name. Nothing was refunded a second time; {left} of it are left. Please begin again.</source>
   <translation>小票 {order} 已用同一编号记录过另一笔退款。没有重复退款；该小票还剩 {left}。请重新操作。</translation>
  </message>
  <message>
   <source>Another shop made that proposal, and it alone can take it back. Nothing was changed.</source>
   <translation>那个提案由另一家店铺提出，只有那家店铺能撤回。未做任何更改。</translation>
  </message>
  <message>
   <source>Another shop sent this customer there first. Nothing was changed, and nothing is to be done.</source>
   <translation>另一家店铺先介绍了这位顾客。未做任何更改，无需任何操作。</translation>
  </message>
  <message>
   <source>Another till has just scanned this coupon. Nothing was taken off here. It is free again in some minutes, unless it is used there.</source>
   <translation>另一个收银台刚刚扫过这张优惠券。本店没有减免。如果那边没有使用，几分钟后即可再用。</translation>
  </message>
  <message>
   <source>Both cards together hold points from too many days and shops. They are safe where they are. Please use some of them first.</source>
   <translation>两张卡的积分来自太多不同的日期和店铺，合不到一起。积分仍在原处，是安全的。请先用掉一部分。</translation>
  </message>
  <message>
   <source>Eight digits are not enough to make a new card known. Please scan the card, or make a new one.</source>
   <translation>仅凭 8 位卡号不能登记新卡。请扫描会员卡，或制作一张新卡。</translation>
  </message>
  <message>
   <source>Hours of that rule end before they begin. The rule was not published. Please correct the hours.</source>
   <translation>该规则中的时段结束早于开始。规则未发布。请更正时段。</translation>
  </message>
  <message>
   <source>In this street nobody takes over the points of a shop that leaves. Nothing was changed; customers can use them until they expire.</source>
   <translation>在本商街，店铺退出时没有人接管其积分。未做任何更改；顾客可以用到积分到期。</translation>
  </message>
  <message>
   <source>It is not clear what the coupon is worth. The campaign was not published. Enter either an amount, or a percentage with an upper limit.</source>
   <translation>没有写明优惠券抵多少。活动没有发布。请填写金额，或填写百分比和上限。</translation>
  </message>
  <message>
   <source>It is too early for this shop to vote again. Nothing was changed. liandao stake show tells from when it may ask.</source>
   <translation>本店现在还不能重新投票。未做任何更改。何时可以申请，请看：liandao stake show。</translation>
  </message>
  <message>
   <source>It was said before that this payment was made. Nothing was changed. It counts once the receiver or the treasurers confirm it.</source>
   <translation>此前已说明这笔款已付。未做任何更改。收款方或商街财务确认后即生效。</translation>
  </message>
  <message>
   <source>Less than that is owed here. Nothing was changed. Please correct the amount.</source>
   <translation>欠款没有这么多。未做任何更改。请更正金额。</translation>
  </message>
  <message>
   <source>Less than that stands behind that shop. No stake was moved. Choose a smaller amount.</source>
   <translation>支持那家店铺的保证金没有那么多。没有转移保证金。请减少金额。</translation>
  </message>
  <message>
   <source>Module {module} version {version} is not installed at this shop. No vote was given: who votes for a module must be able to run it. Install it first.</source>
   <translation>本店没有安装模块 {module} 版本 {version}。没有投票：投票赞成某模块的店铺必须能运行它。请先安装。</translation>
  </message>
  <message>
   <source>Money or points were paid for this sale. Nothing was changed. Please refund the sale: its coupons come back by themselves.</source>
   <translation>这一单已用现款或积分支付。未做任何更改。请办理退款，优惠券会自动退回。</translation>
  </message>
  <message>
   <source>More points than were put aside. Nothing was taken. Please scan the card again.</source>
   <translation>积分超过了已预留的数量。没有扣除任何积分。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>No order {reference} of {source} was brought in here. Nothing was changed. Please check the reference.</source>
   <translation>本店没有导入过 {source} 的订单 {reference}。没有任何更改。请核对订单号。</translation>
  </message>
  <message>
   <source>No points are put aside for this sale. Nothing was taken. Please scan the card again.</source>
   <translation>没有为这一单预留积分。没有扣除任何积分。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>No points wait for this receipt: it is too old, or its points cannot be claimed. Nothing was changed. Please tell the customer.</source>
   <translation>这张小票没有待领取的积分：小票太旧，或其积分不能领取。未做任何更改。请告知顾客。</translation>
  </message>
  <message>
   <source>No sale has receipt number {register}-{number} in this shop.</source>
   <translation>本店没有单号为 {register}-{number} 的交易。</translation>
  </message>
  <message>
   <source>Nobody has asked to move this card's points. They are where they were. Please begin with the lost card's digits and the new card.</source>
   <translation>没有人申请过转移此卡的积分，积分仍在原处。请先用遗失卡的卡号和新卡提出申请。</translation>
  </message>
  <message>
   <source>Nobody in this shop may approve points given by hand yet. No points were given. The owner names people with: liandao staff add.</source>
   <translation>本店还没有人可以批准手工赠送积分。没有赠送积分。请店主用命令添加人员：liandao staff add。</translation>
  </message>
  <message>
   <source>Not a card of this street. Nothing was changed. You can make it a member now or sell without a card.</source>
   <translation>不是本商街的会员卡。未做任何更改。可以现在入会，或不用卡结账。</translation>
  </message>
  <message>
   <source>Nothing was changed.</source>
   <translation>未做任何更改。</translation>
  </message>
  <message>
   <source>Nothing was read. Please scan the card again or type its eight digits.</source>
   <translation>没有读到内容。请重新扫卡，或输入 8 位卡号。</translation>
  </message>
  <message>
   <source>Nothing was signed.</source>
   <translation>没有签名。</translation>
  </message>
  <message>
   <source>One of the parties has a number that no shop of the street has. Nothing was stamped. Please check the numbers.</source>
   <translation>有一方的编号不属于商街的任何店铺。没有盖章。请核对编号。</translation>
  </message>
  <message>
   <source>Only {left} of receipt {order} are left to give back. Nothing was refunded. Please choose {left} or less.</source>
   <translation>小票 {order} 只剩 {left} 可退。没有退款。请选择 {left} 或更少。</translation>
  </message>
  <message>
   <source>Other points were given under this name before. Nothing was given a second time. Please begin again.</source>
   <translation>同一编号此前已赠送过别的积分。没有重复赠送。请重新操作。</translation>
  </message>
  <message>
   <source>Page views of that time were counted before. They were not counted twice; sales and points are safe, and nothing is to be done.</source>
   <translation>那段时间的页面浏览此前已经计入，没有重复计入。交易和积分是安全的，无需任何操作。</translation>
  </message>
  <message>
   <source>Points given by hand need the name of who asks for them. No points were given. Please choose a name.</source>
   <translation>手工赠送积分需要申请人的姓名。没有赠送积分。请选择姓名。</translation>
  </message>
  <message>
   <source>Points may pay only a part of a bill in this street. Nothing was taken. Choose fewer points.</source>
   <translation>本商街规定积分只能抵扣账单的一部分。没有扣除任何积分。请减少积分。</translation>
  </message>
  <message>
   <source>Points need a card. Nothing was recorded. Please scan the card first.</source>
   <translation>使用积分需要会员卡。没有记账。请先扫描会员卡。</translation>
  </message>
  <message>
   <source>Points of that card are held at a till at this moment. They are safe where they are. Please try again in ten minutes.</source>
   <translation>那张卡的积分此刻正在某个收银台预留。积分仍在原处，是安全的。请十分钟后再试。</translation>
  </message>
  <message>
   <source>Receipt {order} of {gross} was given back in full before. Nothing was refunded a second time.</source>
   <translation>小票 {order}（{gross}）此前已全额退还。没有重复退款。</translation>
  </message>
  <message>
   <source>Register {register} is open in another window. Please use that window, or open another register.</source>
   <translation>{register} 号收银台已在另一个窗口打开。请使用那个窗口，或打开另一个收银台。</translation>
  </message>
  <message>
   <source>Say in 1 to {most} characters what the money is for. Nothing was signed.</source>
   <translation>请用 1 到 {most} 个字说明款项用途。没有签名。</translation>
  </message>
  <message>
   <source>Something else was changed on this card just now, so this was not done. Its points are safe. Please try again.</source>
   <translation>此卡刚刚有别的更改，所以这次没有办理。卡内积分是安全的。请重试。</translation>
  </message>
  <message>
   <source>Something in this entry is missing, too long or too large. Nothing was changed. Please check it and try again.</source>
   <translation>输入的内容有缺漏，或过长、过大。未做任何更改。请核对后重试。</translation>
  </message>
  <message>
   <source>Something unexpected happened ({code}). Nothing was changed. Please try again.</source>
   <translation>发生意外情况（{code}）。未做任何更改，请重试。</translation>
  </message>
  <message>
   <source>Something was received that is no message: {detail}. It was set aside.</source>
   <translation>收到的内容不是有效消息：{detail}。已搁置。</translation>
  </message>
  <message>
   <source>That campaign belongs to another shop. Nothing was changed. Only the shop that made it, or the one that pays for it, can do this.</source>
   <translation>那个活动属于另一家店铺。未做任何更改。只有发起或出资的店铺可以这样做。</translation>
  </message>
  <message>
   <source>That campaign is of another kind. Nothing was changed. Please choose another one.</source>
   <translation>那个活动属于另一种类型。未做任何更改。请选择别的活动。</translation>
  </message>
  <message>
   <source>That deposit is larger than the ledger can count. Nothing was changed; the money is with the treasurers.</source>
   <translation>这笔保证金超出账本能记的数额。未做任何更改；钱在商街财务手中。</translation>
  </message>
  <message>
   <source>That is no change of a rule: {text}. Write it like earn_bps=150.</source>
   <translation>{text} 不是规则的更改。请这样写：earn_bps=150。</translation>
  </message>
  <message>
   <source>That is not the PIN of {name}. No points were given. Tries left: {tries}.</source>
   <translation>这不是 {name} 的密码。没有赠送积分。还可尝试 {tries} 次。</translation>
  </message>
  <message>
   <source>That is not the owner key of shop {shop}. Nothing was signed.</source>
   <translation>那不是 {shop} 号店铺的店主密钥。没有签名。</translation>
  </message>
  <message>
   <source>That is outside of what is allowed: {detail}. Nothing was proposed. liandao rules shows the values of now; choose one closer to them.</source>
   <translation>超出了允许的范围（{detail}）。没有提出提案。现行的值请看：liandao rules，请选更接近的值。</translation>
  </message>
  <message>
   <source>That key belongs or belonged to a shop of the street. Nothing was changed. Make a fresh one.</source>
   <translation>那把密钥现在或曾经属于商街的某家店铺。未做任何更改。请制作一把新的。</translation>
  </message>
  <message>
   <source>That key is none of the street's treasurers'. Nothing was signed.</source>
   <translation>那把密钥不属于商街财务。没有签名。</translation>
  </message>
  <message>
   <source>That key protects nothing and cannot be registered. Nothing was changed. Make a fresh one.</source>
   <translation>那把密钥起不到保护作用，不能登记。未做任何更改。请制作一把新的。</translation>
  </message>
  <message>
   <source>That part of the bond stands for points that customers hold. No stake was moved. Move less, or wait until points were used or have expired.</source>
   <translation>那部分保证金正在担保顾客手中的积分。没有转移保证金。请减少金额，或等积分用掉或到期。</translation>
  </message>
  <message>
   <source>That proposal is decided, taken back or lapsed. Nothing was changed.</source>
   <translation>那个提案已有结果、已撤回或已过期。未做任何更改。</translation>
  </message>
  <message>
   <source>That sale has a claim code already. Nothing was changed. Please use the receipt that was printed first.</source>
   <translation>那一单已经有积分领取码。未做任何更改。请使用先打印的那张小票。</translation>
  </message>
  <message>
   <source>That sale was made with a card, and its points are on that card. Nothing is left to claim.</source>
   <translation>那一单用了会员卡，积分已在那张卡上。没有可领取的积分。</translation>
  </message>
  <message>
   <source>That shop has not stamped this document. One letter changed, or a file saved anew by another program, makes another document.</source>
   <translation>那家店铺没有为这份文件盖过存证章。改动一个字，或用别的程序重新保存，就是另一份文件。</translation>
  </message>
  <message>
   <source>That shop pays nothing for customers who are sent to it. Nothing was recorded; the customer can go there all the same.</source>
   <translation>那家店铺不为介绍来的顾客付酬。没有记账；顾客照样可以前往。</translation>
  </message>
  <message>
   <source>That stake came from another shop's seat lately and still answers for it. No stake was moved. Take it back instead, or wait.</source>
   <translation>那笔保证金不久前从另一个席位转来，仍在为其担保。没有转移保证金。请改为收回，或再等一等。</translation>
  </message>
  <message>
   <source>That text is too long: at most {most} characters. Nothing was saved. Please shorten it.</source>
   <translation>文字太长：最多 {most} 个字。没有保存。请缩短。</translation>
  </message>
  <message>
   <source>The PIN is not right. No points were taken. Please let the customer type it again.</source>
   <translation>密码不正确。没有扣除积分。请顾客重新输入。</translation>
  </message>
  <message>
   <source>The bill has changed since the coupon was scanned. The sale is saved and the coupon was not used up. Please correct the sale.</source>
   <translation>扫描优惠券之后账单有变动。这一单已保存，优惠券没有用掉。请更正这一单。</translation>
  </message>
  <message>
   <source>The bill is too small for this coupon. Nothing was taken off, and the coupon is still good for a larger bill.</source>
   <translation>账单金额不够用这张优惠券。没有减免，优惠券仍可用于金额更大的账单。</translation>
  </message>
  <message>
   <source>The bond of the shop that pays does not cover this budget. Nothing was published. Lower the budget, or raise the bond.</source>
   <translation>出资店铺的保证金不足以担保这个预算。没有发布。请降低预算，或增加保证金。</translation>
  </message>
  <message>
   <source>The campaign does not have that many coupons left to give. None was added. Ask for fewer, or make another campaign.</source>
   <translation>此活动剩余的优惠券没有那么多。没有增加。请减少张数，或另办一个活动。</translation>
  </message>
  <message>
   <source>The campaign has less money left than this coupon takes off. Nothing was taken off the bill. Please go on without it.</source>
   <translation>活动剩余的金额少于这张优惠券的面值。账单没有减免。请不用优惠券继续。</translation>
  </message>
  <message>
   <source>The campaign would end before it begins, or has ended. It was not published. Please correct the dates.</source>
   <translation>活动的结束早于开始，或已经结束。活动没有发布。请更正日期。</translation>
  </message>
  <message>
   <source>The card could not be read completely. Nothing was changed. Please scan it again, or type the eight digits below the code.</source>
   <translation>会员卡没有读完整。未做任何更改。请重新扫描，或输入码下方的 8 位卡号。</translation>
  </message>
  <message>
   <source>The card could not prove that it is genuine. No points were taken. Please scan it again.</source>
   <translation>无法验证此卡的真伪。没有扣除积分。请重新扫描。</translation>
  </message>
  <message>
   <source>The card does not have that many free points. Nothing was taken. Choose fewer, or take payment without points.</source>
   <translation>卡内可用积分不足。没有扣除任何积分。请减少积分，或不用积分收款。</translation>
  </message>
  <message>
   <source>The card was misread. Nothing was changed. Please scan it again, or type the eight digits below the code.</source>
   <translation>会员卡读取有误。未做任何更改。请重新扫描，或输入码下方的 8 位卡号。</translation>
  </message>
  <message>
   <source>The card was scanned on another day. Nothing was recorded. Please scan it again.</source>
   <translation>会员卡是在另一天扫描的。没有记账。请重新扫描。</translation>
  </message>
  <message>
   <source>The code on the receipt was misread. Nothing was changed. Please scan the receipt again.</source>
   <translation>小票上的码读取有误。未做任何更改。请重新扫描小票。</translation>
  </message>
  <message>
   <source>The connection to this shop's node broke. Recorded sales are safe; asking again does nothing twice.</source>
   <translation>与本店节点的连接断了。已记账的交易是安全的，重试不会重复记账。</translation>
  </message>
  <message>
   <source>The coupon belongs to another card than the sale. The sale is saved and the coupon was not used up. Please correct the sale.</source>
   <translation>优惠券属于另一张会员卡，与这一单不符。这一单已保存，优惠券没有用掉。请更正这一单。</translation>
  </message>
  <message>
   <source>The coupon is no longer on this bill. Nothing was taken off. Please scan it again.</source>
   <translation>优惠券已不在这张账单上。没有减免。请重新扫描。</translation>
  </message>
  <message>
   <source>The coupon was scanned too long ago. It was not used up. Please scan it again.</source>
   <translation>优惠券扫描得太早，已经失效。优惠券没有用掉。请重新扫描。</translation>
  </message>
  <message>
   <source>The coupon was used or given back before. Nothing was taken off a second time.</source>
   <translation>优惠券此前已使用或已退回。没有重复减免。</translation>
  </message>
  <message>
   <source>The coupons of this sale were given back before. Nothing was changed.</source>
   <translation>这一单的优惠券此前已经退回。未做任何更改。</translation>
  </message>
  <message>
   <source>The coupons of this sale were recorded before. Nothing was taken off a second time.</source>
   <translation>这一单的优惠券此前已经记账。没有重复减免。</translation>
  </message>
  <message>
   <source>The digits do not belong to this card. Nothing was changed. Please scan it again.</source>
   <translation>卡号与此卡不符。未做任何更改。请重新扫描。</translation>
  </message>
  <message>
   <source>The disk cannot keep up ({store}, {waiting} waiting). Nothing is lost. Please try again in a moment.</source>
   <translation>磁盘跟不上（{store}，{waiting} 项等待）。没有丢失任何内容，请稍后再试。</translation>
  </message>
  <message>
   <source>The disk failed on {file}: {detail}. What was certified is safe with the other shops. Check the disk before you go on.</source>
   <translation>磁盘在 {file} 上出错：{detail}。已确认的内容在其他店铺那里是安全的。请先检查磁盘再继续。</translation>
  </message>
  <message>
   <source>The disk is full ({file}). What was certified is safe. Free some space; the node goes on from there.</source>
   <translation>磁盘已满（{file}）。已确认的内容是安全的。请清理一些空间，节点会从那里继续。</translation>
  </message>
  <message>
   <source>The division does not agree with its traffic: {what} of {whose} was booked as {booked}, the traffic gives {recomputed}. Points and credit stay as they were booked. Compare with another shop, then check this computer: liandao verify data.</source>
   <translation>分配与客流记录不符：{whose} 的 {what} 入账为 {booked}，按客流应为 {recomputed}。积分和应收款仍按入账。请与另一家店铺核对，然后检查本机：liandao verify data。</translation>
  </message>
  <message>
   <source>The file that tells where the node listens makes no sense ({path}): {detail}.</source>
   <translation>说明节点监听位置的文件无法理解（{path}）：{detail}。</translation>
  </message>
  <message>
   <source>The list of sales on their way cannot be read ({path}). Sales of the ledger are safe. Please keep that file and ask for help.</source>
   <translation>待发送交易的清单无法读取（{path}）。账本里的交易是安全的。请保留该文件并寻求帮助。</translation>
  </message>
  <message>
   <source>The list of shops names one twice or is out of order. The campaign was not published. Please choose the shops again.</source>
   <translation>店铺名单有重复，或顺序不对。活动没有发布。请重新选择店铺。</translation>
  </message>
  <message>
   <source>The list of this shop's people cannot be read ({path}). No points were given by hand. Please put it right, or remove it and name the people again.</source>
   <translation>本店的人员名单无法读取（{path}）。没有赠送积分。请修复该文件，或删除后重新添加人员。</translation>
  </message>
  <message>
   <source>The new PIN or paper could not be checked. The old one still holds, and the points are safe. Please try again.</source>
   <translation>无法核验新的密码或凭条。旧的仍然有效，积分是安全的。请重试。</translation>
  </message>
  <message>
   <source>The node is closing. Please try again when it is back.</source>
   <translation>节点正在关闭。请在恢复后重试。</translation>
  </message>
  <message>
   <source>The node speaks version {node} of its interface, this program {client}. Please start both from the same installation.</source>
   <translation>节点的接口版本是 {node}，本程序是 {client}。请从同一次安装启动两者。</translation>
  </message>
  <message>
   <source>The owner has signed a later statement about this shop's key already. Nothing was changed. Make a new one.</source>
   <translation>店主此前已为本店的密钥签过更新的声明。未做任何更改。请重新制作声明。</translation>
  </message>
  <message>
   <source>The owner of shop {shop} has given it another node key, so the others do not listen to this one and the node has stopped. Points are safe, and sales that wait here are kept. Run the computer that has the new key.</source>
   <translation>{shop} 号店铺的店主已为其换了另一把节点密钥，其他店铺不再理会这一把，本节点已停止。积分是安全的，等待发送的交易都已保留。请运行存有新密钥的电脑。</translation>
  </message>
  <message>
   <source>The part without points is larger than the bill. Nothing was recorded. Please check the amounts.</source>
   <translation>不计积分的部分超过了账单金额。没有记账。请核对金额。</translation>
  </message>
  <message>
   <source>The points of this receipt were claimed before. Nothing was given a second time.</source>
   <translation>这张小票的积分此前已经领取。没有重复赠送。</translation>
  </message>
  <message>
   <source>The points were not confirmed in time. Nothing was taken. Scan the card again or take payment without points.</source>
   <translation>积分没有及时确认。没有扣除任何积分。请重新扫描会员卡，或不用积分收款。</translation>
  </message>
  <message>
   <source>The points were put aside for too long and are free again. Nothing was taken. Please scan the card again.</source>
   <translation>积分预留时间过长，已经释放。没有扣除任何积分。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>The pool cannot take that much. Nothing was changed; the money is with the treasurers.</source>
   <translation>公共基金收不下这么大的数额。未做任何更改；钱在商街财务手中。</translation>
  </message>
  <message>
   <source>The pool was not divided for {period}. A month is divided when it is over; liandao pool shows the running one.</source>
   <translation>{period} 的公共基金尚未分配。一个月结束后才分配；本月情况请看：liandao pool。</translation>
  </message>
  <message>
   <source>The proposal changes nothing, names a rule twice, or changes rules and modules at once. Nothing was proposed. Propose one or the other, with another value than now.</source>
   <translation>提案没有改变任何内容，或同一规则写了两次，或同时更改规则和模块。没有提出提案。请只提其中一种，并填写与现在不同的值。</translation>
  </message>
  <message>
   <source>The receipt is being written. The sale is safe. Please try again in a moment.</source>
   <translation>凭证正在生成，交易是安全的。请稍后再试。</translation>
  </message>
  <message>
   <source>The rule {name} cannot be changed by a vote. Nothing was proposed.</source>
   <translation>规则 {name} 不能通过投票更改。没有提出提案。</translation>
  </message>
  <message>
   <source>The script {path} makes no sense: {detail}</source>
   <translation>脚本 {path} 无法理解：{detail}</translation>
  </message>
  <message>
   <source>The settings could not be saved ({path}). Selling is not affected.</source>
   <translation>设置无法保存（{path}）。不影响收款。</translation>
  </message>
  <message>
   <source>The shop may not be paid out that much yet. Nothing was changed. Ask for less, or wait.</source>
   <translation>这家店铺现在还不能取回那么多。未做任何更改。请减少金额，或再等一等。</translation>
  </message>
  <message>
   <source>The shop that is to pay for this campaign has not agreed yet. Nothing was changed. Please ask it to.</source>
   <translation>为此活动出资的店铺还没有同意。未做任何更改。请联系那家店铺。</translation>
  </message>
  <message>
   <source>The shop that pays for this has stopped paying or is leaving the street. Nothing was taken off the bill. Please go on without the coupon.</source>
   <translation>出资的店铺已停止支付，或正在退出商街。账单没有减免。请不用优惠券继续。</translation>
  </message>
  <message>
   <source>The shop was punished for this before. Nobody pays twice, and nothing was changed.</source>
   <translation>那家店铺此前已为此受罚。不会重复处罚，未做任何更改。</translation>
  </message>
  <message>
   <source>The shop's own bond is smaller than that. No stake was moved. Choose a smaller amount.</source>
   <translation>本店自己的保证金没有那么多。没有转移保证金。请减少金额。</translation>
  </message>
  <message>
   <source>The shop's owner did not sign this statement. Nothing was changed. Please let the owner make it anew.</source>
   <translation>这份声明没有店主的签名。未做任何更改。请店主重新制作。</translation>
  </message>
  <message>
   <source>The stamp does not name this shop as party. Nothing was countersigned. Stamp the document yourself.</source>
   <translation>存证没有把本店列为一方。没有会签。请自行为这份文件盖章。</translation>
  </message>
  <message>
   <source>The statement does not prove that its maker has the new key. Nothing was changed. Make the statement on the computer that has the key.</source>
   <translation>这份声明不能证明制作者持有新密钥。未做任何更改。请在存有该密钥的电脑上制作声明。</translation>
  </message>
  <message>
   <source>The street has agreed to work with module {module} version {version} (proposal {proposal}), which is not installed here. Install it before that begins; `liandao rules` says when. Until then nothing changes.</source>
   <translation>商街已同意使用模块 {module} 版本 {version}（提案 {proposal}），而本机没有安装。请在生效之前安装；时间请看 `liandao rules`。在此之前没有变化。</translation>
  </message>
  <message>
   <source>The street has as many open proposals as it may. Nothing was proposed. Try again when one is decided.</source>
   <translation>商街待决的提案已达上限。没有提出提案。请等其中一个有结果后再试。</translation>
  </message>
  <message>
   <source>The street has more work waiting than it can hold. Nothing was taken. Please try again in a moment.</source>
   <translation>商街待处理的事务已满。没有扣除任何积分。请稍后再试。</translation>
  </message>
  <message>
   <source>The street has no coupons of that printing. None of them can be used. Print them anew: liandao coupon print.</source>
   <translation>商街没有这一批优惠券的记录，这批券都不能使用。请重新印制：liandao coupon print。</translation>
  </message>
  <message>
   <source>The street has no rule {name}. Nothing was proposed. liandao rules lists all of them.</source>
   <translation>商街没有 {name} 这条规则。没有提出提案。全部规则：liandao rules。</translation>
  </message>
  <message>
   <source>The street has no shop with that number. No stake was moved. Please check the number.</source>
   <translation>商街没有这个编号的店铺。没有转移保证金。请核对编号。</translation>
  </message>
  <message>
   <source>The street has no shop with that number. Nothing was changed. Please check the number.</source>
   <translation>商街没有这个编号的店铺。未做任何更改。请核对编号。</translation>
  </message>
  <message>
   <source>The street has no such campaign. Nothing was changed. Please check its number.</source>
   <translation>商街没有这个活动。未做任何更改。请核对活动编号。</translation>
  </message>
  <message>
   <source>The street has {shops} seats, and without shop {shop} the others agree on nothing: no new key could ever be recorded. Nothing was changed. If the voting record is lost, found the street anew in another directory: liandao init.</source>
   <translation>商街有 {shops} 个席位，缺少 {shop} 号店铺时其他店铺无法达成一致，新密钥永远无法登记。未做任何更改。如果投票记录已丢失，请在另一个目录重新创建商街：liandao init。</translation>
  </message>
  <message>
   <source>The street works with module {module} now, which does not fit here ({why}), so this node has stopped voting and stands still. Points are safe, and nothing is lost. Ask its author for one that fits, install it and restart.</source>
   <translation>商街现在使用模块 {module}，而它在本机不适用（{why}），所以本节点已停止投票并暂停。积分是安全的，没有丢失任何内容。请向其作者索取适用的版本，安装后重新启动。</translation>
  </message>
  <message>
   <source>The street works with module {module} version {version} now, which is not installed here, so this node has stopped voting and stands still. Points are safe, and nothing is lost. Install it and restart; the node goes on by itself then.</source>
   <translation>商街现在使用模块 {module} 版本 {version}，而本机没有安装，所以本节点已停止投票并暂停。积分是安全的，没有丢失任何内容。请安装后重新启动，节点会自动继续。</translation>
  </message>
  <message>
   <source>The street's modules cannot be changed like that: {module}, {reason}. Nothing was proposed. liandao rules lists the modules and their versions.</source>
   <translation>商街的模块不能这样更改（{module}：{reason}）。没有提出提案。模块和版本请看：liandao rules。</translation>
  </message>
  <message>
   <source>The street's pool answers for this shop's points already. Nothing was changed.</source>
   <translation>本店的积分已由商街公共基金承担。未做任何更改。</translation>
  </message>
  <message>
   <source>The time to claim the points of this receipt is over. No points were given. Please tell the customer.</source>
   <translation>领取这张小票积分的期限已过。没有赠送积分。请告知顾客。</translation>
  </message>
  <message>
   <source>The traffic of {period} is no longer kept, so its division cannot be made again. What was booked stands. Ask for one of the last six months.</source>
   <translation>{period} 的客流记录已不再保留，无法重新计算分配。已入账的仍然有效。请查询最近六个月。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about the pool, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>商街财务的这份声明不是公共基金应到的下一份，或此前已经提交。未做任何更改。请提交应到的那一份。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about these arrears, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>商街财务的这份声明不是这笔欠款应到的下一份，或此前已经提交。未做任何更改。请提交应到的那一份。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about this shop, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>商街财务的这份声明不是这家店铺应到的下一份，或此前已经提交。未做任何更改。请提交应到的那一份。</translation>
  </message>
  <message>
   <source>The waiting time for the lost card is not over. Its points are safe where they are. Please come back later.</source>
   <translation>遗失的会员卡还在等待期内。积分仍在原处，是安全的。请过些时候再来。</translation>
  </message>
  <message>
   <source>There is no language “{name}” here. Use en, zh-Hans or ja.</source>
   <translation>没有“{name}”这种语言。请使用 en、zh-Hans 或 ja。</translation>
  </message>
  <message>
   <source>There is no proposal of that number. Nothing was changed. liandao rules lists those that are open.</source>
   <translation>没有这个编号的提案。未做任何更改。待决的提案：liandao rules。</translation>
  </message>
  <message>
   <source>There is nothing to keep: no name, no number, no address, no note. Nothing was saved.</source>
   <translation>没有可保存的内容：姓名、号码、地址、备注都是空的。没有保存。</translation>
  </message>
  <message>
   <source>These coupons do not go together on one bill. None was used up. Please take the better one.</source>
   <translation>这些优惠券不能在同一张账单上一起使用。都没有用掉。请用更优惠的那张。</translation>
  </message>
  <message>
   <source>These eight digits hold a typing error. Please type them again.</source>
   <translation>这 8 位卡号有误。请重新输入。</translation>
  </message>
  <message>
   <source>These points are put aside in another shop. Nothing was taken here. Take payment without points, or wait until that shop is done.</source>
   <translation>这些积分已在另一家店铺预留。本店没有扣除任何积分。请不用积分收款，或等那家店铺结账完毕。</translation>
  </message>
  <message>
   <source>These points were put aside before. Nothing more was taken. Please scan the card again.</source>
   <translation>这些积分之前已经预留。没有多扣。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>These points were used already. Nothing more was taken. Please look at the last sale.</source>
   <translation>这些积分已经用过。没有重复扣除。请查看上一单。</translation>
  </message>
  <message>
   <source>This came too late to be recorded. Nothing was changed. Please look whether it was recorded before, then do it again.</source>
   <translation>来得太晚，没有记账。未做任何更改。请查看此前是否已记账，再重新操作。</translation>
  </message>
  <message>
   <source>This campaign is over. Nothing was taken off the bill, and the customer's points are safe.</source>
   <translation>此活动已经结束。账单没有减免，顾客的积分是安全的。</translation>
  </message>
  <message>
   <source>This card has a PIN. No points were taken. Please scan the card and let the customer type the PIN.</source>
   <translation>此卡设有密码。没有扣除积分。请扫描会员卡，并请顾客输入密码。</translation>
  </message>
  <message>
   <source>This card has had as many of these coupons as one card may. Nothing was taken off the bill. Please go on without the coupon.</source>
   <translation>此卡使用这种优惠券的次数已达上限。账单没有减免。请不用优惠券继续。</translation>
  </message>
  <message>
   <source>This card has points put aside in too many places. Nothing was taken. Wait a few minutes, or take payment without points.</source>
   <translation>此卡在太多地方预留了积分。没有扣除任何积分。请等几分钟，或不用积分收款。</translation>
  </message>
  <message>
   <source>This card is a member already. Its points are as they were, and nothing is to be done.</source>
   <translation>此卡已经是会员卡，积分没有变化，无需任何操作。</translation>
  </message>
  <message>
   <source>This card is blocked already. Its points are safe, and nothing more is to be done.</source>
   <translation>此卡已经停用。卡内积分是安全的，无需再做任何操作。</translation>
  </message>
  <message>
   <source>This card is blocked, as its owner asked. Its points are safe and none were taken. The owner can unblock it with the card and its PIN.</source>
   <translation>此卡已应持卡人要求停用。卡内积分是安全的，没有扣除。持卡人凭会员卡和密码可以重新启用。</translation>
  </message>
  <message>
   <source>This card is not blocked. Its points are as they were, and nothing is to be done.</source>
   <translation>此卡没有停用。积分没有变化，无需任何操作。</translation>
  </message>
  <message>
   <source>This card takes part in too many campaigns. Nothing was changed; its points and coupons are safe. It can take part again when one of them ends.</source>
   <translation>此卡参加的活动太多。未做任何更改；积分和优惠券是安全的。其中一个活动结束后即可再参加。</translation>
  </message>
  <message>
   <source>This card was replaced: its points are on its owner's new card. Nothing was changed. Please ask for the new card.</source>
   <translation>此卡已更换：积分在持卡人的新卡上。未做任何更改。请顾客出示新卡。</translation>
  </message>
  <message>
   <source>This code is not a card. Nothing was changed. Please scan the customer's card.</source>
   <translation>此码不是会员卡。未做任何更改。请扫描顾客的会员卡。</translation>
  </message>
  <message>
   <source>This computer cannot write down sales on their way ({path}). Selling goes on; please free disk space soon.</source>
   <translation>本机无法写入待发送的交易（{path}）。可以继续收款，请尽快清理磁盘空间。</translation>
  </message>
  <message>
   <source>This coupon goes with a customer's card. Nothing was taken off yet. Please scan the card, then the coupon.</source>
   <translation>这张优惠券要与会员卡一起使用。还没有减免。请先扫会员卡，再扫优惠券。</translation>
  </message>
  <message>
   <source>This coupon is not taken at this shop. Nothing was taken off the bill, and the coupon is still good elsewhere.</source>
   <translation>本店不收这张优惠券。账单没有减免，优惠券在其他店铺仍然有效。</translation>
  </message>
  <message>
   <source>This coupon is not taken at this time. Nothing was taken off the bill, and the coupon was not used up.</source>
   <translation>这张优惠券在此时段不能使用。账单没有减免，优惠券没有用掉。</translation>
  </message>
  <message>
   <source>This coupon was scanned before for this bill. Nothing was changed. Please scan it again.</source>
   <translation>这张优惠券此前已为这一单扫过。未做任何更改。请重新扫描。</translation>
  </message>
  <message>
   <source>This coupon was used before. Nothing was taken off the bill a second time. Please go on without it.</source>
   <translation>这张优惠券已经用过。没有重复减免。请不用优惠券继续。</translation>
  </message>
  <message>
   <source>This customer bought at that shop lately, so nobody is paid for sending them. Nothing was recorded.</source>
   <translation>这位顾客最近在那家店铺买过东西，所以不付介绍酬金。没有记账。</translation>
  </message>
  <message>
   <source>This customer's visit was counted today already. Points are safe, and nothing is to be done.</source>
   <translation>这位顾客今天的光临已经计入。积分是安全的，无需任何操作。</translation>
  </message>
  <message>
   <source>This does not prove that a shop lied. Nobody was punished, and nothing was changed.</source>
   <translation>这不能证明有店铺作假。没有处罚任何店铺，未做任何更改。</translation>
  </message>
  <message>
   <source>This is another paper than the one that is needed. Nothing was changed. Please scan the right one.</source>
   <translation>这不是所需要的那种凭条。未做任何更改。请扫描正确的凭条。</translation>
  </message>
  <message>
   <source>This is no card of the street. Nothing was changed. Scan the customer's card or type its eight digits.</source>
   <translation>这不是本商街的会员卡。未做任何更改。请扫描顾客的会员卡，或输入 8 位卡号。</translation>
  </message>
  <message>
   <source>This is no e-mail address. Nothing was saved. Please type it like name@example.org.</source>
   <translation>这不是电子邮件地址。没有保存。请按 name@example.org 的样子输入。</translation>
  </message>
  <message>
   <source>This is no phone number. Nothing was saved. Please type {least} to {most} digits.</source>
   <translation>这不是电话号码。没有保存。请输入 {least} 到 {most} 位数字。</translation>
  </message>
  <message>
   <source>This is no receipt of a sale. Nothing was refunded. Scan the receipt's code, or type register and number, such as 1-17.</source>
   <translation>这不是销售小票。没有退款。请扫小票上的码，或输入收银台号和小票号，如 1-17。</translation>
  </message>
  <message>
   <source>This is not a coupon that was printed for the campaign. Nothing was taken off the bill. Please scan it again, or keep it for the owner.</source>
   <translation>这不是为此活动印制的优惠券。账单没有减免。请重新扫描，或留下交给店主。</translation>
  </message>
  <message>
   <source>This is the same card twice. Nothing was changed. Please scan the other card.</source>
   <translation>两次扫描的是同一张卡。未做任何更改。请扫描另一张卡。</translation>
  </message>
  <message>
   <source>This kind of payment is not known. Nothing was recorded. Use cash, card or other.</source>
   <translation>不认识这种付款方式。没有记账。请用现金、刷卡或其他。</translation>
  </message>
  <message>
   <source>This lie is too long ago: the stake behind it has left. Nobody was punished, and nothing was changed.</source>
   <translation>这次作假已过去太久：当时担保的保证金已取走。没有处罚任何店铺，未做任何更改。</translation>
  </message>
  <message>
   <source>This needs the card itself, not its eight digits. Nothing was changed. Please scan the card.</source>
   <translation>这里需要会员卡本身，只有 8 位卡号不行。未做任何更改。请扫描会员卡。</translation>
  </message>
  <message>
   <source>This needs the paper that the customer got with the card. The points are safe where they are. Please scan the paper.</source>
   <translation>需要顾客领卡时一同拿到的纸质凭条。积分仍在原处，是安全的。请扫描凭条。</translation>
  </message>
  <message>
   <source>This paper does not belong to that card. The points are safe where they are. Please look for the right paper.</source>
   <translation>这张凭条不是那张卡的。积分仍在原处，是安全的。请找出正确的凭条。</translation>
  </message>
  <message>
   <source>This payment was confirmed as received before. Nothing was changed, and nothing is owed for it.</source>
   <translation>这笔付款此前已确认收到。未做任何更改，也不再欠款。</translation>
  </message>
  <message>
   <source>This payment was not made in time, and others covered for it. Nothing was changed, and what they bore is still owed. Pay the treasurers, or those who bore it.</source>
   <translation>这笔款没有按时支付，已由别人垫付。未做任何更改，垫付的款仍须偿还。请付给商街财务，或付给垫付的店铺。</translation>
  </message>
  <message>
   <source>This receipt brings no points, or none today. Nothing was changed. If this card got its most for today at that shop, please try tomorrow.</source>
   <translation>这张小票没有积分，或今天不再有积分。未做任何更改。如果此卡今天在那家店铺的积分已达上限，请明天再试。</translation>
  </message>
  <message>
   <source>This receipt is from {shop}. Nothing was refunded. Only that shop can take its sale back.</source>
   <translation>这张小票来自 {shop}。没有退款。只有该店能退这笔销售。</translation>
  </message>
  <message>
   <source>This receipt is of another street. Nothing was refunded. Please send the customer to the shop that wrote it.</source>
   <translation>这张小票属于另一个商街。没有退款。请顾客到开出小票的店铺办理。</translation>
  </message>
  <message>
   <source>This receipt number has another sale already. That sale stands; this one was not recorded a second time.</source>
   <translation>这个单号已有另一笔交易。那一笔有效，这一笔没有重复记账。</translation>
  </message>
  <message>
   <source>This shop agreed to pay for the campaign before. Nothing was changed.</source>
   <translation>本店此前已经同意为此活动出资。未做任何更改。</translation>
  </message>
  <message>
   <source>This shop cannot give more points at present: its bond covers no more. No points were given. Ask for a higher bond, or try again after the next clearing.</source>
   <translation>本店目前不能再发放积分：保证金已不足以担保。没有赠送积分。请增加保证金，或在下次清算后再试。</translation>
  </message>
  <message>
   <source>This shop does not take part in that stamp card. Nothing was changed.</source>
   <translation>本店没有参加那个集章活动。未做任何更改。</translation>
  </message>
  <message>
   <source>This shop has as many campaigns running as it may. No other one was added. Please close one first.</source>
   <translation>本店进行中的活动已达上限。没有新增活动。请先结束一个。</translation>
  </message>
  <message>
   <source>This shop has as many open proposals as it may. Nothing was proposed. Take one back, or wait until one is decided.</source>
   <translation>本店待决的提案已达上限。没有提出提案。请撤回一个，或等其中一个有结果。</translation>
  </message>
  <message>
   <source>This shop has begun as many moves without a paper today as the street allows. The points are safe where they are. Please try tomorrow, or at another shop.</source>
   <translation>本店今日办理的无凭条积分转移已达商街上限。积分仍在原处，是安全的。请明天再试，或到另一家店铺办理。</translation>
  </message>
  <message>
   <source>This shop has blocked as many cards today as the street allows. This card was not blocked, and its points were not touched. Please ask another shop of the street.</source>
   <translation>本店今日停用的会员卡已达商街上限。此卡没有停用，卡内积分未动。请到商街的另一家店铺办理。</translation>
  </message>
  <message>
   <source>This shop has countersigned the document before. That stands, and nothing more is to be done.</source>
   <translation>本店此前已会签这份文件。会签有效，无需再做任何操作。</translation>
  </message>
  <message>
   <source>This shop has given notice before. Nothing was changed, and nothing more is to be done.</source>
   <translation>本店此前已经提出退出。未做任何更改，无需再做任何操作。</translation>
  </message>
  <message>
   <source>This shop has no seat in the present committee, so it has no vote. Nothing was changed. It may make proposals of its own.</source>
   <translation>本店在现任委员会中没有席位，所以没有投票权。未做任何更改。本店可以自己提出提案。</translation>
  </message>
  <message>
   <source>This shop has no such payment in that half month. Nothing was changed. liandao clearing show lists the payments.</source>
   <translation>本店在那半个月没有这笔付款。未做任何更改。付款清单：liandao clearing show。</translation>
  </message>
  <message>
   <source>This shop has not given notice. Nothing was changed: it stays in the street.</source>
   <translation>本店没有提出退出。未做任何更改，本店仍留在商街。</translation>
  </message>
  <message>
   <source>This shop has stamped as much as it may on one day. Nothing was stamped. Go on tomorrow, or stamp one file that lists the others with their SHA-256.</source>
   <translation>本店今日的存证次数已达上限。没有盖章。请明天继续，或为一份列出其余文件及其 SHA-256 的清单盖章。</translation>
  </message>
  <message>
   <source>This shop has stamped the document before, in block {height} of {since}. That stamp stands and is the older proof. Nothing was stamped a second time.</source>
   <translation>本店此前已为这份文件盖过存证章，见 {since} 的第 {height} 块。那个章有效，且是更早的证明。没有重复盖章。</translation>
  </message>
  <message>
   <source>This shop is in arrears. Its points stay its own for now, and customers lose none. Pay the arrears first.</source>
   <translation>本店有欠款。积分暂时仍由本店承担，顾客没有损失。请先付清欠款。</translation>
  </message>
  <message>
   <source>This shop is not kept from voting. Nothing was changed, and nothing is to be done.</source>
   <translation>本店没有被停止投票。未做任何更改，无需任何操作。</translation>
  </message>
  <message>
   <source>This shop keeps nothing about the owner of this card. Nothing was changed, and the card's points are as they were.</source>
   <translation>本店没有保存此卡主人的任何信息。没有任何更改，卡上的积分不变。</translation>
  </message>
  <message>
   <source>This shop keeps something about the owner of this card already. Nothing was changed. Please look at it first, then correct what is wrong.</source>
   <translation>本店已经保存了此卡主人的信息。没有任何更改。请先查看，再更正不对的地方。</translation>
  </message>
  <message>
   <source>This shop takes part in that stamp card. Nothing was changed.</source>
   <translation>本店已经参加那个集章活动。未做任何更改。</translation>
  </message>
  <message>
   <source>This shop's bond does not cover its points and payments. Nothing was changed. Deposit more, or wait until more points are used.</source>
   <translation>本店的保证金不足以担保其积分和付款。未做任何更改。请增加保证金，或等更多积分用掉。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Recorded sales are safe. It is asked again.</source>
   <translation>本店的节点没有应答。已记账的交易是安全的，正在重试。</translation>
  </message>
  <message>
   <source>This shop's node is not running. You can go on selling; points follow when it is back.</source>
   <translation>本店的节点没有运行。可以继续收款，恢复后补记积分。</translation>
  </message>
  <message>
   <source>This shop's node is not up to date yet. Nothing was changed. Please try again when it has caught up.</source>
   <translation>本店的节点还没有同步完成。未做任何更改。请同步完成后再试。</translation>
  </message>
  <message>
   <source>This shop's staff gave as many points today as the street allows. No points were given; {left} are left for today.</source>
   <translation>本店今日手工赠送的积分已达商街上限。没有赠送积分；今日还剩 {left}。</translation>
  </message>
  <message>
   <source>This street does not offer that. Nothing was changed, and points are safe. Please go on without it.</source>
   <translation>本商街不提供此项功能。未做任何更改，积分是安全的。请不用此功能继续。</translation>
  </message>
  <message>
   <source>This street has no clearing. Nothing is owed between its shops.</source>
   <translation>本商街没有清算。店铺之间没有欠款。</translation>
  </message>
  <message>
   <source>This street has no pool. Nothing is divided.</source>
   <translation>本商街没有公共基金。没有可分配的款项。</translation>
  </message>
  <message>
   <source>This street has no rulebook that can be changed: its rules are those of its genesis file.</source>
   <translation>本商街的规则不能更改：规则以创建商街时的文件为准。</translation>
  </message>
  <message>
   <source>This visit is of another day, so it does not count. Points are safe. Scan the card again.</source>
   <translation>这次光临是另一天的，所以不计入。积分是安全的。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>This was recorded before. It was not recorded a second time, and nothing is to be done.</source>
   <translation>此前已经记账，没有重复记账，无需任何操作。</translation>
  </message>
  <message>
   <source>Too few of the street's treasurers signed this, or a signature is wrong. Nothing was changed. Please let the others sign, too.</source>
   <translation>签名的商街财务人数不够，或有签名不对。未做任何更改。请其他财务也签名。</translation>
  </message>
  <message>
   <source>Too few shops of the street answer. Nothing was taken. Wait, or take payment without points.</source>
   <translation>应答的店铺太少。没有扣除任何积分。请等待，或不用积分收款。</translation>
  </message>
  <message>
   <source>Too many cards were joined into this one. The points are safe where they are. Please take a fresh card for them.</source>
   <translation>合并到这张卡的会员卡太多。积分仍在原处，是安全的。请改用一张新卡。</translation>
  </message>
  <message>
   <source>Too many parts of this shop's stake are on their way. No stake was moved. Wait until some have arrived.</source>
   <translation>本店正在转移中的保证金笔数太多。没有转移保证金。请等其中几笔到位。</translation>
  </message>
  <message>
   <source>Too many sales wait for the street. This one was not recorded. Please check the connection to the other shops.</source>
   <translation>等待商街确认的交易太多。这一笔没有记账。请检查与其他店铺的连接。</translation>
  </message>
  <message>
   <source>Too many tills have coupons of this campaign open. Nothing was taken off. Please try again in a minute.</source>
   <translation>正在使用此活动优惠券的收银台太多。没有减免。请一分钟后再试。</translation>
  </message>
  <message>
   <source>Too many wrong PINs. No points were given. Please wait {seconds} s.</source>
   <translation>密码错误次数过多。没有赠送积分。请等待 {seconds} 秒。</translation>
  </message>
  <message>
   <source>Two different people must answer for points given by hand. No points were given. Please let somebody else approve.</source>
   <translation>手工赠送积分必须由两个不同的人负责。没有赠送积分。请由另一人批准。</translation>
  </message>
  <message>
   <source>What answers at {path} is not a node of this user. Nothing was sent.</source>
   <translation>{path} 上应答的不是本用户的节点。没有发送任何内容。</translation>
  </message>
  <message>
   <source>Without the card itself only a few points a day can be used. No points were taken. Ask for the card, or use fewer points.</source>
   <translation>没有出示会员卡时，每天只能使用少量积分。没有扣除积分。请顾客出示会员卡，或减少使用的积分。</translation>
  </message>
  <message>
   <source>{file} is held by another program. Nothing was changed. Close that program and try again.</source>
   <translation>{file} 正被另一个程序占用。未做任何更改。请关闭那个程序后重试。</translation>
  </message>
  <message>
   <source>{limit} programs use this node already. Close one of them.</source>
   <translation>已有 {limit} 个程序在使用此节点。请关闭其中一个。</translation>
  </message>
  <message>
   <source>{name} may not approve points given by hand. No points were given. Please ask somebody with a PIN.</source>
   <translation>{name} 无权批准手工赠送积分。没有赠送积分。请找有密码的人批准。</translation>
  </message>
  <message>
   <source>{path} belongs to another street. Nothing was changed.</source>
   <translation>{path} 属于另一个商街。未做任何更改。</translation>
  </message>
  <message>
   <source>{path} holds a signature that is not by treasurer {treasurer} of this street. Nothing was signed. Make the statement anew.</source>
   <translation>{path} 中有一个签名不是本商街财务 {treasurer} 的。没有签名。请重新制作声明。</translation>
  </message>
  <message>
   <source>{path} holds no key. Nothing was signed or started.</source>
   <translation>{path} 中没有密钥。没有签名，也没有启动任何程序。</translation>
  </message>
  <message>
   <source>{path} holds no statement that could be brought. Nothing was changed.</source>
   <translation>{path} 中没有可以提交的声明。未做任何更改。</translation>
  </message>
  <message>
   <source>{text} is no clearing period. Write it like 2026-03-1 for the first half of March 2026 or 2026-03-2 for the second.</source>
   <translation>{text} 不是清算期。请这样写：2026-03-1 表示 2026 年 3 月上半月，2026-03-2 表示下半月。</translation>
  </message>
  <message>
   <source>{text} is no month. Write it like 2026-03.</source>
   <translation>{text} 不是月份。请这样写：2026-03。</translation>
  </message>
  <message>
   <source>“{typed}” is no amount. Nothing was taken. Please type it again.</source>
   <translation>“{typed}”不是金额。没有收取任何款项，请重新输入。</translation>
  </message>
 </context>
</TS>
