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
   <source>A call's fields are out of bounds. Nothing was changed.</source>
   <translation>操作的字段超出范围。未做任何更改。</translation>
  </message>
  <message>
   <source>A card has {expected} digits, these are {digits}. Please type them again.</source>
   <translation>卡号应为 {expected} 位，现在是 {digits} 位。请重新输入。</translation>
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
   <source>Another card has these eight digits already. Please use another card.</source>
   <translation>已有另一张卡使用这 8 位卡号。请换一张卡。</translation>
  </message>
  <message>
   <source>Another refund of receipt {order} was recorded under this name. Nothing was refunded a second time; {left} of it are left. Please begin again.</source>
   <translation>小票 {order} 已用同一编号记录过另一笔退款。没有重复退款；该小票还剩 {left}。请重新操作。</translation>
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
   <source>More points than were put aside. Nothing was taken. Please scan the card again.</source>
   <translation>积分超过了已预留的数量。没有扣除任何积分。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>No order {reference} of {source} was brought in here. Nothing was refunded. Please check the reference.</source>
   <translation>本店没有导入过 {source} 的订单 {reference}。没有退款。请核对订单号。</translation>
  </message>
  <message>
   <source>No points are put aside for this sale. Nothing was taken. Please scan the card again.</source>
   <translation>没有为这一单预留积分。没有扣除任何积分。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>No sale has receipt number {register}-{number} in this shop.</source>
   <translation>本店没有单号为 {register}-{number} 的交易。</translation>
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
   <source>Nothing was read. Please scan the card again or type its eight digits.</source>
   <translation>没有读到内容。请重新扫卡，或输入 8 位卡号。</translation>
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
   <source>Receipt {order} of {gross} was given back in full before. Nothing was refunded a second time.</source>
   <translation>小票 {order}（{gross}）此前已全额退还。没有重复退款。</translation>
  </message>
  <message>
   <source>Register {register} is open in another window. Please use that window, or open another register.</source>
   <translation>{register} 号收银台已在另一个窗口打开。请使用那个窗口，或打开另一个收银台。</translation>
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
   <source>That is not the PIN of {name}. No points were given. Tries left: {tries}.</source>
   <translation>这不是 {name} 的密码。没有赠送积分。还可尝试 {tries} 次。</translation>
  </message>
  <message>
   <source>The card could not be read completely. Please scan it again, or type the eight digits below the code.</source>
   <translation>会员卡没有读完整。请重新扫描，或输入码下方的 8 位卡号。</translation>
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
   <source>The card was misread. Please scan it again, or type the eight digits below the code.</source>
   <translation>会员卡读取有误。请重新扫描，或输入码下方的 8 位卡号。</translation>
  </message>
  <message>
   <source>The connection to this shop's node broke. Recorded sales are safe; asking again does nothing twice.</source>
   <translation>与本店节点的连接断了。已记账的交易是安全的，重试不会重复记账。</translation>
  </message>
  <message>
   <source>The digits do not belong to this card. Please scan it again.</source>
   <translation>卡号与此卡不符。请重新扫描。</translation>
  </message>
  <message>
   <source>The disk cannot keep up ({store}, {waiting} waiting). Nothing is lost. Please try again in a moment.</source>
   <translation>磁盘跟不上（{store}，{waiting} 项等待）。没有丢失任何内容，请稍后再试。</translation>
  </message>
  <message>
   <source>The disk failed on {file}: {detail}. What was certified is safe with the other shops. Check the disk before you go on.</source>
   <translation>磁盘在 {file} 上出错：{detail}。已确认的内容在其他商家那里是安全的。请先检查磁盘再继续。</translation>
  </message>
  <message>
   <source>The disk is full ({file}). What was certified is safe. Free some space; the node goes on from there.</source>
   <translation>磁盘已满（{file}）。已确认的内容是安全的。请清理一些空间，节点会从那里继续。</translation>
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
   <source>The list of this shop's people cannot be read ({path}). No points were given by hand. Please put it right, or remove it and name the people again.</source>
   <translation>本店的人员名单无法读取（{path}）。没有赠送积分。请修复该文件，或删除后重新添加人员。</translation>
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
   <source>The part without points is larger than the bill. Nothing was recorded. Please check the amounts.</source>
   <translation>不计积分的部分超过了账单金额。没有记账。请核对金额。</translation>
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
   <source>The receipt is being written. The sale is safe. Please try again in a moment.</source>
   <translation>凭证正在生成，交易是安全的。请稍后再试。</translation>
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
   <source>The street has more work waiting than it can hold. Nothing was taken. Please try again in a moment.</source>
   <translation>商街待处理的事务已满。没有扣除任何积分。请稍后再试。</translation>
  </message>
  <message>
   <source>The street's ledger has no such call. Nothing was changed.</source>
   <translation>商街账本没有这种操作。未做任何更改。</translation>
  </message>
  <message>
   <source>There is no language “{name}” here. Use en, zh-Hans or ja.</source>
   <translation>没有“{name}”这种语言。请使用 en、zh-Hans 或 ja。</translation>
  </message>
  <message>
   <source>These eight digits hold a typing error. Please type them again.</source>
   <translation>这 8 位卡号有误。请重新输入。</translation>
  </message>
  <message>
   <source>These points are put aside in another shop. Nothing was taken here.</source>
   <translation>这些积分已在另一家店预留。本店没有扣除任何积分。</translation>
  </message>
  <message>
   <source>These points were put aside before. Nothing more was taken. Please scan the card again.</source>
   <translation>这些积分之前已经预留。没有多扣。请重新扫描会员卡。</translation>
  </message>
  <message>
   <source>These points were used already. Nothing more was taken.</source>
   <translation>这些积分已经用过。没有重复扣除。</translation>
  </message>
  <message>
   <source>This card has points put aside in too many places. Nothing was taken. Wait a few minutes, or take payment without points.</source>
   <translation>此卡在太多地方预留了积分。没有扣除任何积分。请等几分钟，或不用积分收款。</translation>
  </message>
  <message>
   <source>This card is a member already. Its points are as they were.</source>
   <translation>此卡已经是会员卡，积分没有变化。</translation>
  </message>
  <message>
   <source>This code is not a card. Please scan the customer's card.</source>
   <translation>此码不是会员卡。请扫描顾客的会员卡。</translation>
  </message>
  <message>
   <source>This computer cannot write down sales on their way ({path}). Selling goes on; please free disk space soon.</source>
   <translation>本机无法写入待发送的交易（{path}）。可以继续收款，请尽快清理磁盘空间。</translation>
  </message>
  <message>
   <source>This is no card of the street. Nothing was changed. Scan the customer's card or type its eight digits.</source>
   <translation>这不是本商街的会员卡。未做任何更改。请扫描顾客的会员卡，或输入 8 位卡号。</translation>
  </message>
  <message>
   <source>This is no receipt of a sale. Nothing was refunded. Scan the receipt's code, or type register and number, such as 1-17.</source>
   <translation>这不是销售小票。没有退款。请扫小票上的码，或输入收银台号和小票号，如 1-17。</translation>
  </message>
  <message>
   <source>This kind of payment is not known. Nothing was recorded. Use cash, card or other.</source>
   <translation>不认识这种付款方式。没有记账。请用现金、刷卡或其他。</translation>
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
   <source>This shop cannot give more points at present: its bond covers no more. No points were given. Ask for a higher bond, or try again after the next clearing.</source>
   <translation>本店目前不能再发放积分：保证金已不足以担保。没有赠送积分。请增加保证金，或在下次清算后再试。</translation>
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
   <source>This shop's staff gave as many points today as the street allows. No points were given; {left} are left for today.</source>
   <translation>本店今日手工赠送的积分已达商街上限。没有赠送积分；今日还剩 {left}。</translation>
  </message>
  <message>
   <source>This transaction is too old to be recorded. Nothing was changed.</source>
   <translation>这笔事务太旧，无法记账。未做任何更改。</translation>
  </message>
  <message>
   <source>This transaction was recorded before. It was not recorded again.</source>
   <translation>这笔事务之前已经记账，没有重复记账。</translation>
  </message>
  <message>
   <source>Too few shops of the street answer. Nothing was taken. Wait, or take payment without points.</source>
   <translation>应答的商家太少。没有扣除任何积分。请等待，或不用积分收款。</translation>
  </message>
  <message>
   <source>Too many sales wait for the street. This one was not recorded. Please check the connection to the other shops.</source>
   <translation>等待商街确认的交易太多。这一笔没有记账。请检查与其他商家的连接。</translation>
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
   <source>“{typed}” is no amount. Nothing was taken. Please type it again.</source>
   <translation>“{typed}”不是金额。没有收取任何款项，请重新输入。</translation>
  </message>
 </context>
</TS>
