<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
 <context>
  <name>Counter</name>
  <message>
   <source>A sale without a card needs nothing here.</source>
   <translation>カードなしの会計は、そのまま進められます。</translation>
  </message>
  <message>
   <source>All</source>
   <translation>全額</translation>
  </message>
  <message>
   <source>All that is left, unless you type less: {amount}</source>
   <translation>入力しなければ残り全額：{amount}</translation>
  </message>
  <message>
   <source>Amount</source>
   <translation>金額</translation>
  </message>
  <message>
   <source>Amount to refund</source>
   <translation>返金する金額</translation>
  </message>
  <message>
   <source>Another receipt</source>
   <translation>別のレシート</translation>
  </message>
  <message>
   <source>Approved by</source>
   <translation>承認する人</translation>
  </message>
  <message>
   <source>Asked for by</source>
   <translation>申請する人</translation>
  </message>
  <message>
   <source>Back to selling</source>
   <translation>会計に戻る</translation>
  </message>
  <message>
   <source>Being confirmed by the street…</source>
   <translation>商店街で確認しています…</translation>
  </message>
  <message>
   <source>Card</source>
   <comment>way to pay</comment>
   <translation>カード</translation>
  </message>
  <message>
   <source>Card {code}</source>
   <translation>カード {code}</translation>
  </message>
  <message>
   <source>Card {code} · points on it {amount}</source>
   <translation>カード {code} · 現在のポイント {amount}</translation>
  </message>
  <message>
   <source>Cash</source>
   <translation>現金</translation>
  </message>
  <message>
   <source>Cash given</source>
   <translation>お預かり</translation>
  </message>
  <message>
   <source>Catching up · {reached} of {shops}</source>
   <translation>同期中 · {reached}/{shops} 店</translation>
  </message>
  <message>
   <source>Change</source>
   <translation>おつり</translation>
  </message>
  <message>
   <source>Clear</source>
   <translation>クリア</translation>
  </message>
  <message>
   <source>Clock {minutes} min fast</source>
   <translation>時計が {minutes} 分進んでいます</translation>
  </message>
  <message>
   <source>Clock {minutes} min slow</source>
   <translation>時計が {minutes} 分遅れています</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>閉じる</translation>
  </message>
  <message>
   <source>Complaint</source>
   <translation>苦情への対応</translation>
  </message>
  <message>
   <source>Confirmed by the street</source>
   <translation>商店街で確定しました</translation>
  </message>
  <message>
   <source>Confirmed without points: {amount} more was to pay.</source>
   <translation>確定しました。ポイントは使っていません（追加のお支払い {amount}）。</translation>
  </message>
  <message>
   <source>Confirmed. No points were given: the shop reached its points limit. The sale is fine.</source>
   <translation>確定しました。当店のポイント発行枠に達したため、ポイントは付きません。会計は有効です。</translation>
  </message>
  <message>
   <source>Connecting…</source>
   <translation>接続中…</translation>
  </message>
  <message>
   <source>Correction of a mistake</source>
   <translation>間違いの訂正</translation>
  </message>
  <message>
   <source>Delete the last digit</source>
   <translation>最後の1桁を消す</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>完了</translation>
  </message>
  <message>
   <source>Enrol with it</source>
   <translation>このカードで登録</translation>
  </message>
  <message>
   <source>Enrolling the card…</source>
   <translation>カードを登録しています…</translation>
  </message>
  <message>
   <source>Enter</source>
   <translation>決定</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>検索</translation>
  </message>
  <message>
   <source>First visit</source>
   <translation>初めてのご来店</translation>
  </message>
  <message>
   <source>Give back now</source>
   <translation>いま返す金額</translation>
  </message>
  <message>
   <source>Give back {amount}</source>
   <translation>{amount} を返金してください</translation>
  </message>
  <message>
   <source>Give nothing back yet</source>
   <translation>まだ返さないでください</translation>
  </message>
  <message>
   <source>Give points</source>
   <translation>進呈</translation>
  </message>
  <message>
   <source>Give {amount}</source>
   <translation>{amount} を進呈</translation>
  </message>
  <message>
   <source>Goodwill</source>
   <translation>お詫び・サービス</translation>
  </message>
  <message>
   <source>Language: {name}</source>
   <translation>言語：{name}</translation>
  </message>
  <message>
   <source>Last sale {time}</source>
   <translation>前回の会計 {time}</translation>
  </message>
  <message>
   <source>Last visit {day}</source>
   <translation>前回のご来店 {day}</translation>
  </message>
  <message>
   <source>Looking up receipt {order}…</source>
   <translation>レシート {order} を検索しています…</translation>
  </message>
  <message>
   <source>Looking up the card…</source>
   <translation>カードを照会しています…</translation>
  </message>
  <message>
   <source>Max</source>
   <translation>最大</translation>
  </message>
  <message>
   <source>Money back</source>
   <translation>返金額</translation>
  </message>
  <message>
   <source>New card</source>
   <translation>新しいカード</translation>
  </message>
  <message>
   <source>Newest sales of this register</source>
   <translation>このレジの最近の会計</translation>
  </message>
  <message>
   <source>No points on this card yet.</source>
   <translation>このカードにはまだポイントがありません。</translation>
  </message>
  <message>
   <source>No refunds just now</source>
   <translation>いまは返金できません</translation>
  </message>
  <message>
   <source>No sale to give back</source>
   <translation>返金できる会計がありません</translation>
  </message>
  <message>
   <source>None</source>
   <translation>使わない</translation>
  </message>
  <message>
   <source>Not a card of this street</source>
   <translation>この商店街のカードではありません</translation>
  </message>
  <message>
   <source>Not a card of this street: {code}. Nothing was changed.</source>
   <translation>この商店街のカードではありません：{code}。何も変更していません。</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>その他</translation>
  </message>
  <message>
   <source>Other reason</source>
   <translation>その他</translation>
  </message>
  <message>
   <source>PIN of who approves</source>
   <translation>承認する人の暗証番号</translation>
  </message>
  <message>
   <source>Paid {amount}</source>
   <translation>お支払い {amount}</translation>
  </message>
  <message>
   <source>Paid {amount} by card</source>
   <translation>カード支払い {amount}</translation>
  </message>
  <message>
   <source>Paid {amount} cash</source>
   <translation>現金支払い {amount}</translation>
  </message>
  <message>
   <source>Please choose</source>
   <translation>選んでください</translation>
  </message>
  <message>
   <source>Points back</source>
   <translation>戻すポイント</translation>
  </message>
  <message>
   <source>Points by hand</source>
   <translation>ポイントの手動進呈</translation>
  </message>
  <message>
   <source>Points by hand need a card. Please scan it first.</source>
   <translation>手動進呈にはカードが必要です。先にカードを読み取ってください。</translation>
  </message>
  <message>
   <source>Points for card {code}. Promise nothing before they are confirmed.</source>
   <translation>カード {code} へのポイントです。確定するまでお客様に約束しないでください。</translation>
  </message>
  <message>
   <source>Points not confirmed yet. Nothing was taken. Wait, or go on without points.</source>
   <translation>ポイントの確認待ちです。まだ引き落としていません。待つか、ポイントなしで進めてください。</translation>
  </message>
  <message>
   <source>Points not confirmed yet. Nothing was taken. Wait, or take {amount} more.</source>
   <translation>ポイントの確認待ちです。まだ引き落としていません。待つか、追加で {amount} をいただいてください。</translation>
  </message>
  <message>
   <source>Points on the card</source>
   <translation>カードのポイント</translation>
  </message>
  <message>
   <source>Points taken back: {amount} (earned on this sale)</source>
   <translation>取り消すポイント：{amount}（この会計で付与）</translation>
  </message>
  <message>
   <source>Points to give</source>
   <translation>進呈するポイント</translation>
  </message>
  <message>
   <source>Points to use</source>
   <translation>使うポイント</translation>
  </message>
  <message>
   <source>Points use the street's time. Please correct the clock.</source>
   <translation>ポイントは商店街の時刻で計算します。時計を直してください。</translation>
  </message>
  <message>
   <source>Points used</source>
   <translation>ポイント利用</translation>
  </message>
  <message>
   <source>Promotion</source>
   <translation>販促</translation>
  </message>
  <message>
   <source>Ready for the first sale.</source>
   <translation>会計を始められます。</translation>
  </message>
  <message>
   <source>Reason</source>
   <translation>理由</translation>
  </message>
  <message>
   <source>Receipt</source>
   <translation>レシート</translation>
  </message>
  <message>
   <source>Receipt number</source>
   <translation>レシート番号</translation>
  </message>
  <message>
   <source>Receipt {order}</source>
   <translation>レシート {order}</translation>
  </message>
  <message>
   <source>Refund</source>
   <translation>返金</translation>
  </message>
  <message>
   <source>Refund of receipt {order} confirmed by the street</source>
   <translation>レシート {order} の返金が商店街で確定しました</translation>
  </message>
  <message>
   <source>Refund of receipt {order}, {amount}: give nothing back yet.</source>
   <translation>レシート {order} の返金 {amount}：まだ返さないでください。</translation>
  </message>
  <message>
   <source>Refund {amount}</source>
   <translation>{amount} を返金</translation>
  </message>
  <message>
   <source>Refunded</source>
   <translation>返金合計</translation>
  </message>
  <message>
   <source>Refused. Give nothing back.</source>
   <translation>拒否されました。返金しないでください。</translation>
  </message>
  <message>
   <source>Refused: refund of receipt {order}, {amount}</source>
   <translation>拒否：レシート {order} の返金 {amount}</translation>
  </message>
  <message>
   <source>Refused: {sale}</source>
   <translation>成立しませんでした：{sale}</translation>
  </message>
  <message>
   <source>Register {number}</source>
   <translation>レジ {number}</translation>
  </message>
  <message>
   <source>Remove card</source>
   <translation>カードを外す</translation>
  </message>
  <message>
   <source>Saved on this computer. It is sent as soon as the connection is back.</source>
   <translation>このパソコンに保存しました。接続が戻り次第、送信します。</translation>
  </message>
  <message>
   <source>Scan a card to use points.</source>
   <translation>カードを読み取るとポイントを使えます。</translation>
  </message>
  <message>
   <source>Scan card</source>
   <translation>カードを読み取ってください</translation>
  </message>
  <message>
   <source>Scan the receipt's code, type its number, or pick the sale.</source>
   <translation>レシートのコードを読み取るか、番号を入力するか、一覧から選んでください。</translation>
  </message>
  <message>
   <source>Set off against later points: {amount} (already spent)</source>
   <translation>今後のポイントから差引：{amount}（使用済みのため）</translation>
  </message>
  <message>
   <source>Setting points aside…</source>
   <translation>ポイントを確保しています…</translation>
  </message>
  <message>
   <source>Street in step · {reached} of {shops} shops</source>
   <translation>商店街と同期済み · {reached}/{shops} 店</translation>
  </message>
  <message>
   <source>Street out of reach · {reached} of {shops} shops</source>
   <translation>商店街に届きません · {reached}/{shops} 店</translation>
  </message>
  <message>
   <source>The card could not be looked up</source>
   <translation>カードを照会できません</translation>
  </message>
  <message>
   <source>The card was not enrolled</source>
   <translation>カードを登録できませんでした</translation>
  </message>
  <message>
   <source>The cash given is less than what is to pay.</source>
   <translation>お預かりがお会計に足りません。</translation>
  </message>
  <message>
   <source>The customer photographs this code: it is her card.</source>
   <translation>お客様にこのコードを撮影していただきます。これがカードです。</translation>
  </message>
  <message>
   <source>The next {amount} earned here are set off (refund)</source>
   <translation>当店での次の {amount} ポイントは差引に充当（返金のため）</translation>
  </message>
  <message>
   <source>The refund of receipt {order} is being confirmed by the street.</source>
   <translation>レシート {order} の返金を商店街で確認しています。</translation>
  </message>
  <message>
   <source>The refund of receipt {order} is saved on this computer. It is sent, once, as soon as the connection is back.</source>
   <translation>レシート {order} の返金はこのパソコンに保存済みです。接続が戻り次第、一度だけ送信されます。</translation>
  </message>
  <message>
   <source>The sale need not wait for it.</source>
   <translation>会計はこのまま進められます。</translation>
  </message>
  <message>
   <source>Then expire: {dates}</source>
   <translation>以降の期限：{dates}</translation>
  </message>
  <message>
   <source>They are on card {code} now. Left for today: {left}.</source>
   <translation>カード {code} に入りました。本日の残り枠：{left}。</translation>
  </message>
  <message>
   <source>They stand below the code on the card.</source>
   <translation>カードのコードの下に印刷されています。</translation>
  </message>
  <message>
   <source>This code is not for the counter. Nothing was changed.</source>
   <translation>このコードはレジでは使えません。何も変更していません。</translation>
  </message>
  <message>
   <source>This is no receipt. Nothing was changed.</source>
   <translation>これはレシートではありません。何も変わっていません。</translation>
  </message>
  <message>
   <source>This register has sold nothing yet.</source>
   <translation>このレジにはまだ会計がありません。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Nothing was refunded. It goes on by itself as soon as the connection is back.</source>
   <translation>この店のノードが応答しません。返金はされていません。接続が戻れば自動的に続きます。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Points by hand wait until it is back.</source>
   <translation>この店のノードが応答しません。手動進呈は接続が戻るまでできません。</translation>
  </message>
  <message>
   <source>This will be given back</source>
   <translation>返す内容</translation>
  </message>
  <message>
   <source>To pay</source>
   <translation>お会計</translation>
  </message>
  <message>
   <source>Total</source>
   <translation>合計</translation>
  </message>
  <message>
   <source>Type the card's eight digits</source>
   <translation>カードの8桁の番号を入力</translation>
  </message>
  <message>
   <source>Type the number</source>
   <translation>番号を入力</translation>
  </message>
  <message>
   <source>Understood</source>
   <translation>わかりました</translation>
  </message>
  <message>
   <source>Up to {share} % of a bill can be paid with points.</source>
   <translation>お会計の {share}% までポイントを使えます。</translation>
  </message>
  <message>
   <source>Wait</source>
   <translation>待つ</translation>
  </message>
  <message>
   <source>Waiting for the connection…</source>
   <translation>接続を待っています…</translation>
  </message>
  <message>
   <source>What is given back, in money and in points, is shown first.</source>
   <translation>返金額と戻すポイントは、確定の前に表示されます。</translation>
  </message>
  <message>
   <source>Which sale?</source>
   <translation>どの会計ですか</translation>
  </message>
  <message>
   <source>Without points</source>
   <translation>ポイントなし</translation>
  </message>
  <message>
   <source>Without points: take {amount} more.</source>
   <translation>ポイントなし：追加で {amount} をいただいてください。</translation>
  </message>
  <message>
   <source>all of it expires {day}</source>
   <translation>すべて{day}まで有効</translation>
  </message>
  <message>
   <source>at most {amount}</source>
   <translation>最大 {amount}</translation>
  </message>
  <message>
   <source>being confirmed</source>
   <translation>確認中</translation>
  </message>
  <message>
   <source>change {amount}</source>
   <translation>おつり {amount}</translation>
  </message>
  <message>
   <source>confirmed</source>
   <translation>確定</translation>
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
   <translation>ポイント付与 {amount}</translation>
  </message>
  <message>
   <source>given back</source>
   <translation>返金済み</translation>
  </message>
  <message>
   <source>given back before: {amount}</source>
   <translation>返金済み {amount}</translation>
  </message>
  <message>
   <source>in cash</source>
   <translation>現金で</translation>
  </message>
  <message>
   <source>in money</source>
   <translation>金額</translation>
  </message>
  <message>
   <source>in points</source>
   <translation>ポイント</translation>
  </message>
  <message>
   <source>left for today: {amount}</source>
   <translation>本日の残り枠：{amount}</translation>
  </message>
  <message>
   <source>left of the sale</source>
   <translation>この会計の残り</translation>
  </message>
  <message>
   <source>new balance {amount}</source>
   <translation>ポイント残高 {amount}</translation>
  </message>
  <message>
   <source>of it points {amount}</source>
   <translation>うちポイント {amount}</translation>
  </message>
  <message>
   <source>of it {amount} expires {day}</source>
   <translation>うち {amount} は{day}まで有効</translation>
  </message>
  <message>
   <source>points asked for {amount}</source>
   <translation>ポイント利用予定 {amount}</translation>
  </message>
  <message>
   <source>points back {amount}</source>
   <translation>ポイント返却 {amount}</translation>
  </message>
  <message>
   <source>points taken back</source>
   <translation>取消ポイント</translation>
  </message>
  <message>
   <source>points taken back {amount}</source>
   <translation>ポイント取消 {amount}</translation>
  </message>
  <message>
   <source>points used {amount}</source>
   <translation>ポイント利用 {amount}</translation>
  </message>
  <message>
   <source>points {amount}</source>
   <translation>ポイント {amount}</translation>
  </message>
  <message>
   <source>refused</source>
   <translation>不成立</translation>
  </message>
  <message>
   <source>set off later {amount}</source>
   <translation>今後差引 {amount}</translation>
  </message>
  <message>
   <source>the way it was paid</source>
   <translation>支払時と同じ方法で</translation>
  </message>
  <message>
   <source>to be set off</source>
   <translation>今後差引</translation>
  </message>
  <message>
   <source>to card {code}</source>
   <translation>カード {code} へ</translation>
  </message>
  <message>
   <source>to the bank card that paid</source>
   <translation>支払いに使われたカードへ</translation>
  </message>
  <message>
   <source>without a card</source>
   <translation>カードなし</translation>
  </message>
  <message>
   <source>{amount} given</source>
   <translation>{amount} を進呈しました</translation>
  </message>
  <message>
   <source>{amount} later</source>
   <translation>その後 {amount}</translation>
  </message>
  <message>
   <source>{amount} left</source>
   <translation>残り {amount}</translation>
  </message>
  <message>
   <source>{amount} more can be used from {day}</source>
   <translation>ほかに {amount} は{day}から利用可</translation>
  </message>
  <message>
   <source>{amount} set aside for this sale</source>
   <translation>この会計に {amount} を確保しました</translation>
  </message>
  <message>
   <source>{amount} until {day}</source>
   <translation>{amount}：{day}まで</translation>
  </message>
  <message>
   <source>{count} not confirmed</source>
   <translation>未確定 {count} 件</translation>
  </message>
  <message>
   <source>{shop}: refund of receipt {order}, {day}</source>
   <translation>{shop}：レシート {order} の返金、{day}</translation>
  </message>
 </context>
 <context>
  <name>errors</name>
  <message>
   <source>A call's fields are out of bounds. Nothing was changed.</source>
   <translation>操作の項目が範囲外です。何も変更していません。</translation>
  </message>
  <message>
   <source>A card has {expected} digits, these are {digits}. Please type them again.</source>
   <translation>番号は {expected} 桁ですが、{digits} 桁になっています。もう一度入力してください。</translation>
  </message>
  <message>
   <source>A program came without the right token. It was refused.</source>
   <translation>正しいトークンがないため、プログラムは拒否されました。</translation>
  </message>
  <message>
   <source>A program of another user (uid {uid}) was refused.</source>
   <translation>別のユーザー（uid {uid}）のプログラムは拒否されました。</translation>
  </message>
  <message>
   <source>Another card has these eight digits already. Please use another card.</source>
   <translation>この8桁の番号は別のカードが使っています。ほかのカードを使ってください。</translation>
  </message>
  <message>
   <source>Another refund of receipt {order} was recorded under this name. Nothing was refunded a second time; {left} of it are left. Please begin again.</source>
   <translation>レシート {order} には同じ番号で別の返金が記録されています。二重の返金はされていません。残りは {left} です。最初からやり直してください。</translation>
  </message>
  <message>
   <source>Eight digits are not enough to make a new card known. Please scan the card, or make a new one.</source>
   <translation>8桁の番号だけでは新しいカードを登録できません。カードを読み取るか、新しいカードを作ってください。</translation>
  </message>
  <message>
   <source>Hours of that rule end before they begin. The rule was not published. Please correct the hours.</source>
   <translation>この規則の時間帯は終わりが始まりより前です。規則は公開されていません。時間帯を直してください。</translation>
  </message>
  <message>
   <source>More points than were put aside. Nothing was taken. Please scan the card again.</source>
   <translation>確保した数より多いポイントです。引き落としはしていません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>No order {reference} of {source} was brought in here. Nothing was refunded. Please check the reference.</source>
   <translation>{source} の注文 {reference} は当店に取り込まれていません。返金はされていません。番号を確認してください。</translation>
  </message>
  <message>
   <source>No points are put aside for this sale. Nothing was taken. Please scan the card again.</source>
   <translation>この会計に確保されたポイントがありません。引き落としはしていません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>No sale has receipt number {register}-{number} in this shop.</source>
   <translation>当店に伝票番号 {register}-{number} の会計はありません。</translation>
  </message>
  <message>
   <source>Nobody in this shop may approve points given by hand yet. No points were given. The owner names people with: liandao staff add.</source>
   <translation>この店には手動進呈を承認できる人がまだいません。ポイントは進呈されていません。店主が次の命令で登録してください：liandao staff add。</translation>
  </message>
  <message>
   <source>Not a card of this street. Nothing was changed. You can make it a member now or sell without a card.</source>
   <translation>この商店街のカードではありません。何も変更していません。今すぐ登録するか、カードなしで会計してください。</translation>
  </message>
  <message>
   <source>Nothing was read. Please scan the card again or type its eight digits.</source>
   <translation>何も読み取れませんでした。カードをもう一度読み取るか、8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>Only {left} of receipt {order} are left to give back. Nothing was refunded. Please choose {left} or less.</source>
   <translation>レシート {order} で返金できるのは残り {left} です。返金はされていません。{left} 以下にしてください。</translation>
  </message>
  <message>
   <source>Other points were given under this name before. Nothing was given a second time. Please begin again.</source>
   <translation>同じ番号で別のポイントがすでに進呈されています。二重の進呈はされていません。最初からやり直してください。</translation>
  </message>
  <message>
   <source>Points given by hand need the name of who asks for them. No points were given. Please choose a name.</source>
   <translation>手動進呈には申請する人の名前が必要です。ポイントは進呈されていません。名前を選んでください。</translation>
  </message>
  <message>
   <source>Points may pay only a part of a bill in this street. Nothing was taken. Choose fewer points.</source>
   <translation>この商店街では、ポイントで払えるのはお会計の一部だけです。引き落としはしていません。ポイントを減らしてください。</translation>
  </message>
  <message>
   <source>Points need a card. Nothing was recorded. Please scan the card first.</source>
   <translation>ポイントの利用にはカードが必要です。何も記録していません。先にカードを読み取ってください。</translation>
  </message>
  <message>
   <source>Receipt {order} of {gross} was given back in full before. Nothing was refunded a second time.</source>
   <translation>レシート {order}（{gross}）はすでに全額返金済みです。二重の返金はされていません。</translation>
  </message>
  <message>
   <source>Register {register} is open in another window. Please use that window, or open another register.</source>
   <translation>レジ {register} は別のウィンドウで開いています。そのウィンドウを使うか、別のレジを開いてください。</translation>
  </message>
  <message>
   <source>Something unexpected happened ({code}). Nothing was changed. Please try again.</source>
   <translation>予期しないことが起きました（{code}）。何も変更していません。もう一度お試しください。</translation>
  </message>
  <message>
   <source>Something was received that is no message: {detail}. It was set aside.</source>
   <translation>受け取った内容はメッセージではありません：{detail}。除外しました。</translation>
  </message>
  <message>
   <source>That is not the PIN of {name}. No points were given. Tries left: {tries}.</source>
   <translation>{name} の暗証番号ではありません。ポイントは進呈されていません。あと {tries} 回試せます。</translation>
  </message>
  <message>
   <source>The card could not be read completely. Please scan it again, or type the eight digits below the code.</source>
   <translation>カードを最後まで読み取れませんでした。もう一度読み取るか、コードの下の8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>The card could not prove that it is genuine. No points were taken. Please scan it again.</source>
   <translation>カードが本物であることを確認できませんでした。ポイントは引き落としていません。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The card does not have that many free points. Nothing was taken. Choose fewer, or take payment without points.</source>
   <translation>カードの使えるポイントが足りません。引き落としはしていません。ポイントを減らすか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>The card was misread. Please scan it again, or type the eight digits below the code.</source>
   <translation>カードを正しく読み取れませんでした。もう一度読み取るか、コードの下の8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>The connection to this shop's node broke. Recorded sales are safe; asking again does nothing twice.</source>
   <translation>当店のノードとの接続が切れました。記録済みの会計は安全です。やり直しても二重にはなりません。</translation>
  </message>
  <message>
   <source>The digits do not belong to this card. Please scan it again.</source>
   <translation>番号がこのカードのものではありません。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The disk cannot keep up ({store}, {waiting} waiting). Nothing is lost. Please try again in a moment.</source>
   <translation>ディスクの書き込みが追いつきません（{store}、待ち {waiting} 件）。何も失われていません。少し待ってからお試しください。</translation>
  </message>
  <message>
   <source>The disk failed on {file}: {detail}. What was certified is safe with the other shops. Check the disk before you go on.</source>
   <translation>{file} でディスクの障害が起きました：{detail}。確定した内容はほかの店で安全です。ディスクを確認してから続けてください。</translation>
  </message>
  <message>
   <source>The disk is full ({file}). What was certified is safe. Free some space; the node goes on from there.</source>
   <translation>ディスクがいっぱいです（{file}）。確定した内容は安全です。空きを作ると、ノードはそこから続けます。</translation>
  </message>
  <message>
   <source>The file that tells where the node listens makes no sense ({path}): {detail}.</source>
   <translation>ノードの待ち受け先を示すファイルの内容がわかりません（{path}）：{detail}。</translation>
  </message>
  <message>
   <source>The list of sales on their way cannot be read ({path}). Sales of the ledger are safe. Please keep that file and ask for help.</source>
   <translation>送信待ちの会計の一覧を読めません（{path}）。台帳の会計は安全です。このファイルを残して、サポートにご相談ください。</translation>
  </message>
  <message>
   <source>The list of this shop's people cannot be read ({path}). No points were given by hand. Please put it right, or remove it and name the people again.</source>
   <translation>この店の担当者名簿を読み取れません（{path}）。ポイントは進呈されていません。修正するか、削除して登録し直してください。</translation>
  </message>
  <message>
   <source>The node is closing. Please try again when it is back.</source>
   <translation>ノードを終了しています。復旧後にもう一度お試しください。</translation>
  </message>
  <message>
   <source>The node speaks version {node} of its interface, this program {client}. Please start both from the same installation.</source>
   <translation>ノードのインターフェースはバージョン {node}、このプログラムは {client} です。両方を同じインストールから起動してください。</translation>
  </message>
  <message>
   <source>The part without points is larger than the bill. Nothing was recorded. Please check the amounts.</source>
   <translation>ポイント対象外の金額がお会計より大きくなっています。何も記録していません。金額を確認してください。</translation>
  </message>
  <message>
   <source>The points were not confirmed in time. Nothing was taken. Scan the card again or take payment without points.</source>
   <translation>ポイントの確認が間に合いませんでした。引き落としはしていません。カードをもう一度読み取るか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>The points were put aside for too long and are free again. Nothing was taken. Please scan the card again.</source>
   <translation>確保の時間が過ぎ、ポイントは元に戻りました。引き落としはしていません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The receipt is being written. The sale is safe. Please try again in a moment.</source>
   <translation>レシートを作成しています。会計は安全です。少し待ってからお試しください。</translation>
  </message>
  <message>
   <source>The script {path} makes no sense: {detail}</source>
   <translation>スクリプト {path} の内容がわかりません：{detail}</translation>
  </message>
  <message>
   <source>The settings could not be saved ({path}). Selling is not affected.</source>
   <translation>設定を保存できませんでした（{path}）。会計には影響ありません。</translation>
  </message>
  <message>
   <source>The street has more work waiting than it can hold. Nothing was taken. Please try again in a moment.</source>
   <translation>商店街の処理待ちがいっぱいです。引き落としはしていません。少し待ってからお試しください。</translation>
  </message>
  <message>
   <source>The street's ledger has no such call. Nothing was changed.</source>
   <translation>商店街の台帳にこの操作はありません。何も変更していません。</translation>
  </message>
  <message>
   <source>There is no language “{name}” here. Use en, zh-Hans or ja.</source>
   <translation>「{name}」という言語はありません。en・zh-Hans・ja のどれかを使ってください。</translation>
  </message>
  <message>
   <source>These eight digits hold a typing error. Please type them again.</source>
   <translation>8桁の番号に誤りがあります。もう一度入力してください。</translation>
  </message>
  <message>
   <source>These points are put aside in another shop. Nothing was taken here.</source>
   <translation>このポイントは別の店で確保されています。当店では引き落としていません。</translation>
  </message>
  <message>
   <source>These points were put aside before. Nothing more was taken. Please scan the card again.</source>
   <translation>このポイントはすでに確保されています。追加の引き落としはありません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>These points were used already. Nothing more was taken.</source>
   <translation>このポイントはすでに使われています。二重の引き落としはありません。</translation>
  </message>
  <message>
   <source>This card has points put aside in too many places. Nothing was taken. Wait a few minutes, or take payment without points.</source>
   <translation>このカードのポイントは多くの場所で確保されています。引き落としはしていません。数分待つか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>This card is a member already. Its points are as they were.</source>
   <translation>このカードはすでに登録済みです。ポイントはそのままです。</translation>
  </message>
  <message>
   <source>This code is not a card. Please scan the customer's card.</source>
   <translation>このコードはカードではありません。お客様のカードを読み取ってください。</translation>
  </message>
  <message>
   <source>This computer cannot write down sales on their way ({path}). Selling goes on; please free disk space soon.</source>
   <translation>送信待ちの会計を書き込めません（{path}）。会計は続けられます。早めにディスクの空きを増やしてください。</translation>
  </message>
  <message>
   <source>This is no card of the street. Nothing was changed. Scan the customer's card or type its eight digits.</source>
   <translation>この商店街のカードではありません。何も変更していません。お客様のカードを読み取るか、8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>This is no receipt of a sale. Nothing was refunded. Scan the receipt's code, or type register and number, such as 1-17.</source>
   <translation>会計のレシートではありません。返金はされていません。レシートのコードを読み取るか、レジと番号を 1-17 のように入力してください。</translation>
  </message>
  <message>
   <source>This kind of payment is not known. Nothing was recorded. Use cash, card or other.</source>
   <translation>この支払い方法は使えません。何も記録していません。現金・カード・その他から選んでください。</translation>
  </message>
  <message>
   <source>This receipt is from {shop}. Nothing was refunded. Only that shop can take its sale back.</source>
   <translation>このレシートは {shop} のものです。返金はされていません。返金できるのはその店だけです。</translation>
  </message>
  <message>
   <source>This receipt is of another street. Nothing was refunded. Please send the customer to the shop that wrote it.</source>
   <translation>別の商店街のレシートです。返金はされていません。発行した店へご案内ください。</translation>
  </message>
  <message>
   <source>This receipt number has another sale already. That sale stands; this one was not recorded a second time.</source>
   <translation>この伝票番号にはすでに別の会計があります。その会計は有効で、今回の分は二重に記録していません。</translation>
  </message>
  <message>
   <source>This shop cannot give more points at present: its bond covers no more. No points were given. Ask for a higher bond, or try again after the next clearing.</source>
   <translation>この店はいまこれ以上ポイントを発行できません。保証金の範囲を超えます。ポイントは進呈されていません。保証金を増やすか、次の清算の後にお試しください。</translation>
  </message>
  <message>
   <source>This shop's node does not answer. Recorded sales are safe. It is asked again.</source>
   <translation>当店のノードが応答しません。記録済みの会計は安全です。再度問い合わせています。</translation>
  </message>
  <message>
   <source>This shop's node is not running. You can go on selling; points follow when it is back.</source>
   <translation>当店のノードが動いていません。会計は続けられます。復旧後にポイントを処理します。</translation>
  </message>
  <message>
   <source>This shop's staff gave as many points today as the street allows. No points were given; {left} are left for today.</source>
   <translation>本日の手動進呈は商店街の上限に達しました。ポイントは進呈されていません。本日の残りは {left} です。</translation>
  </message>
  <message>
   <source>This transaction is too old to be recorded. Nothing was changed.</source>
   <translation>この取引は古すぎて記録できません。何も変更していません。</translation>
  </message>
  <message>
   <source>This transaction was recorded before. It was not recorded again.</source>
   <translation>この取引はすでに記録済みです。二重には記録していません。</translation>
  </message>
  <message>
   <source>Too few shops of the street answer. Nothing was taken. Wait, or take payment without points.</source>
   <translation>応答する店が足りません。引き落としはしていません。待つか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>Too many sales wait for the street. This one was not recorded. Please check the connection to the other shops.</source>
   <translation>商店街の確定を待つ会計が多すぎます。この会計は記録していません。ほかの店との接続を確認してください。</translation>
  </message>
  <message>
   <source>Too many wrong PINs. No points were given. Please wait {seconds} s.</source>
   <translation>暗証番号の間違いが多すぎます。ポイントは進呈されていません。{seconds} 秒お待ちください。</translation>
  </message>
  <message>
   <source>Two different people must answer for points given by hand. No points were given. Please let somebody else approve.</source>
   <translation>手動進呈には異なる二人の責任者が必要です。ポイントは進呈されていません。別の人が承認してください。</translation>
  </message>
  <message>
   <source>What answers at {path} is not a node of this user. Nothing was sent.</source>
   <translation>{path} で応答しているのは、このユーザーのノードではありません。何も送信していません。</translation>
  </message>
  <message>
   <source>Without the card itself only a few points a day can be used. No points were taken. Ask for the card, or use fewer points.</source>
   <translation>カードの提示がない場合、1日に使えるポイントはわずかです。引き落としはしていません。カードを提示していただくか、ポイントを減らしてください。</translation>
  </message>
  <message>
   <source>{file} is held by another program. Nothing was changed. Close that program and try again.</source>
   <translation>{file} は別のプログラムが使用中です。何も変更していません。そのプログラムを閉じてからお試しください。</translation>
  </message>
  <message>
   <source>{limit} programs use this node already. Close one of them.</source>
   <translation>すでに {limit} 個のプログラムがこのノードを使っています。どれかを閉じてください。</translation>
  </message>
  <message>
   <source>{name} may not approve points given by hand. No points were given. Please ask somebody with a PIN.</source>
   <translation>{name} は手動進呈を承認できません。ポイントは進呈されていません。暗証番号のある人に頼んでください。</translation>
  </message>
  <message>
   <source>“{typed}” is no amount. Nothing was taken. Please type it again.</source>
   <translation>「{typed}」は金額ではありません。何も記録していません。もう一度入力してください。</translation>
  </message>
 </context>
</TS>
