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
   <source>A PIN has {least} to {most} digits. Nothing was changed. Please type it again.</source>
   <translation>暗証番号は {least}〜{most} 桁の数字です。何も変更していません。もう一度入力してください。</translation>
  </message>
  <message>
   <source>A card has {expected} digits, these are {digits}. Please type them again.</source>
   <translation>番号は {expected} 桁ですが、{digits} 桁になっています。もう一度入力してください。</translation>
  </message>
  <message>
   <source>A change takes effect with a clearing period that has yet to begin, and not in the far future. Nothing was proposed. Choose one of the next six.</source>
   <translation>変更は、これから始まる近い清算期間からしか有効になりません。提案は出されていません。次の6期間から選んでください。</translation>
  </message>
  <message>
   <source>A count holds more page views than the street allows, so it was not recorded. Sales and points are safe. Please tell whoever looks after the shop's pages.</source>
   <translation>ページ閲覧の数が商店街の上限を超えているため、記録していません。会計とポイントは安全です。店のページの担当者に知らせてください。</translation>
  </message>
  <message>
   <source>A count names more visitors than pages that were looked at, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>集計の訪問者数が閲覧ページ数を上回っているため、記録していません。会計とポイントは安全です。このプログラムを更新してください。</translation>
  </message>
  <message>
   <source>A count of page views ends before it begins, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>ページ閲覧の集計の終わりが始まりより前のため、記録していません。会計とポイントは安全です。このプログラムを更新してください。</translation>
  </message>
  <message>
   <source>A count of page views is in disorder, so it was not recorded. Sales and points are safe. Please update this program.</source>
   <translation>ページ閲覧の集計の順番が乱れているため、記録していません。会計とポイントは安全です。このプログラムを更新してください。</translation>
  </message>
  <message>
   <source>A count of page views lies in the future, so it was not recorded. Sales and points are safe. Please correct this computer's clock.</source>
   <translation>ページ閲覧の集計の時刻が未来のため、記録していません。会計とポイントは安全です。このパソコンの時計を直してください。</translation>
  </message>
  <message>
   <source>A full stamp card needs a coupon of this shop that is given to cards. The stamp card was not published. Please make that coupon first.</source>
   <translation>満了したスタンプカードには、当店がカードに配るクーポンが必要です。スタンプカードは公開されていません。先にそのクーポンを作ってください。</translation>
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
   <source>A shop cannot send a customer to itself. Nothing was recorded. Please choose another shop.</source>
   <translation>お客様を自分の店に紹介することはできません。何も記録していません。別の店を選んでください。</translation>
  </message>
  <message>
   <source>A shop is named twice, or this shop names itself as the other party. Nothing was stamped. Please name every other shop once.</source>
   <translation>同じ店が2回あるか、当店自身が相手方になっています。印は押していません。ほかの店を一度ずつ書いてください。</translation>
  </message>
  <message>
   <source>A shop's own bond stands behind it anyway. No stake was moved. Choose another shop.</source>
   <translation>自分の保証金はもともと自分の店を支えています。保証金は動かしていません。別の店を選んでください。</translation>
  </message>
  <message>
   <source>Another card has these eight digits already. Nothing was changed. Please use another card.</source>
   <translation>この8桁の番号は別のカードが使っています。何も変更していません。ほかのカードを使ってください。</translation>
  </message>
  <message>
   <source>Another refund of receipt {order} was recorded under this name. Nothing was refunded a second time; {left} of it are left. Please begin again.</source>
   <translation>レシート {order} には同じ番号で別の返金が記録されています。二重の返金はされていません。残りは {left} です。最初からやり直してください。</translation>
  </message>
  <message>
   <source>Another shop made that proposal, and it alone can take it back. Nothing was changed.</source>
   <translation>その提案は別の店が出したもので、取り下げられるのはその店だけです。何も変更していません。</translation>
  </message>
  <message>
   <source>Another shop sent this customer there first. Nothing was changed, and nothing is to be done.</source>
   <translation>別の店が先にこのお客様を紹介しています。何も変更していません。何もする必要はありません。</translation>
  </message>
  <message>
   <source>Another till has just scanned this coupon. Nothing was taken off here. It is free again in some minutes, unless it is used there.</source>
   <translation>別のレジがこのクーポンを読み取ったところです。こちらでは値引きしていません。あちらで使われなければ、数分後にまた使えます。</translation>
  </message>
  <message>
   <source>Both cards together hold points from too many days and shops. They are safe where they are. Please use some of them first.</source>
   <translation>2枚のカードのポイントは、日付や店の数が多すぎてまとめられません。ポイントは元のまま安全です。先に一部を使ってください。</translation>
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
   <source>In this street nobody takes over the points of a shop that leaves. Nothing was changed; customers can use them until they expire.</source>
   <translation>この商店街では、退会する店のポイントを引き受けるところがありません。何も変更していません。お客様は有効期限までポイントを使えます。</translation>
  </message>
  <message>
   <source>It is not clear what the coupon is worth. The campaign was not published. Enter either an amount, or a percentage with an upper limit.</source>
   <translation>クーポンの値引き額がはっきりしません。キャンペーンは公開されていません。金額か、割合と上限のどちらかを入力してください。</translation>
  </message>
  <message>
   <source>It is too early for this shop to vote again. Nothing was changed. liandao stake show tells from when it may ask.</source>
   <translation>当店はまだ投票に戻れません。何も変更していません。いつ申し出られるかは liandao stake show でわかります。</translation>
  </message>
  <message>
   <source>It was said before that this payment was made. Nothing was changed. It counts once the receiver or the treasurers confirm it.</source>
   <translation>この支払いはすでに済んだと報告されています。何も変更していません。受取側か商店街の会計担当が確認すると有効になります。</translation>
  </message>
  <message>
   <source>Less than that is owed here. Nothing was changed. Please correct the amount.</source>
   <translation>未払いの額はそれより少ないです。何も変更していません。金額を直してください。</translation>
  </message>
  <message>
   <source>Less than that stands behind that shop. No stake was moved. Choose a smaller amount.</source>
   <translation>その店を支えている保証金はそれより少ないです。保証金は動かしていません。額を減らしてください。</translation>
  </message>
  <message>
   <source>Module {module} version {version} is not installed at this shop. No vote was given: who votes for a module must be able to run it. Install it first.</source>
   <translation>モジュール {module} バージョン {version} が当店に入っていません。投票はされていません。モジュールに賛成する店は、それを動かせなければなりません。先にインストールしてください。</translation>
  </message>
  <message>
   <source>Money or points were paid for this sale. Nothing was changed. Please refund the sale: its coupons come back by themselves.</source>
   <translation>この会計はお金またはポイントで支払われています。何も変更していません。会計を返金してください。クーポンは自動で戻ります。</translation>
  </message>
  <message>
   <source>More points than were put aside. Nothing was taken. Please scan the card again.</source>
   <translation>確保した数より多いポイントです。引き落としはしていません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>No order {reference} of {source} was brought in here. Nothing was changed. Please check the reference.</source>
   <translation>{source} の注文 {reference} は当店に取り込まれていません。何も変更されていません。番号を確認してください。</translation>
  </message>
  <message>
   <source>No points are put aside for this sale. Nothing was taken. Please scan the card again.</source>
   <translation>この会計に確保されたポイントがありません。引き落としはしていません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>No points wait for this receipt: it is too old, or its points cannot be claimed. Nothing was changed. Please tell the customer.</source>
   <translation>このレシートに受け取れるポイントはありません。古すぎるか、受け取りの対象外です。何も変更していません。お客様にお伝えください。</translation>
  </message>
  <message>
   <source>No sale has receipt number {register}-{number} in this shop.</source>
   <translation>当店に伝票番号 {register}-{number} の会計はありません。</translation>
  </message>
  <message>
   <source>Nobody has asked to move this card's points. They are where they were. Please begin with the lost card's digits and the new card.</source>
   <translation>このカードのポイントの移行は申し込まれていません。ポイントは元のままです。なくしたカードの番号と新しいカードで申し込んでください。</translation>
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
   <source>Nothing was changed.</source>
   <translation>何も変更していません。</translation>
  </message>
  <message>
   <source>Nothing was read. Please scan the card again or type its eight digits.</source>
   <translation>何も読み取れませんでした。カードをもう一度読み取るか、8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>Nothing was signed.</source>
   <translation>署名はされていません。</translation>
  </message>
  <message>
   <source>One of the parties has a number that no shop of the street has. Nothing was stamped. Please check the numbers.</source>
   <translation>相手方の番号に、商店街のどの店でもないものがあります。印は押していません。番号を確認してください。</translation>
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
   <source>Page views of that time were counted before. They were not counted twice; sales and points are safe, and nothing is to be done.</source>
   <translation>その時間のページ閲覧はすでに数えてあり、二重には数えていません。会計とポイントは安全です。何もする必要はありません。</translation>
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
   <source>Points of that card are held at a till at this moment. They are safe where they are. Please try again in ten minutes.</source>
   <translation>そのカードのポイントは、いまどこかのレジで確保されています。ポイントは元のまま安全です。10分後にもう一度お試しください。</translation>
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
   <source>Say in 1 to {most} characters what the money is for. Nothing was signed.</source>
   <translation>お金の使いみちを 1〜{most} 文字で書いてください。署名はされていません。</translation>
  </message>
  <message>
   <source>Something else was changed on this card just now, so this was not done. Its points are safe. Please try again.</source>
   <translation>このカードは直前に別の変更があったため、今回の操作は行っていません。ポイントは安全です。もう一度お試しください。</translation>
  </message>
  <message>
   <source>Something in this entry is missing, too long or too large. Nothing was changed. Please check it and try again.</source>
   <translation>入力に抜けがあるか、長すぎるか、大きすぎます。何も変更していません。確認してもう一度お試しください。</translation>
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
   <source>That campaign belongs to another shop. Nothing was changed. Only the shop that made it, or the one that pays for it, can do this.</source>
   <translation>そのキャンペーンは別の店のものです。何も変更していません。この操作ができるのは、始めた店か費用を負担する店だけです。</translation>
  </message>
  <message>
   <source>That campaign is of another kind. Nothing was changed. Please choose another one.</source>
   <translation>そのキャンペーンは別の種類です。何も変更していません。ほかのキャンペーンを選んでください。</translation>
  </message>
  <message>
   <source>That deposit is larger than the ledger can count. Nothing was changed; the money is with the treasurers.</source>
   <translation>その保証金は台帳に記録できる額を超えています。何も変更していません。お金は商店街の会計担当が預かっています。</translation>
  </message>
  <message>
   <source>That is no change of a rule: {text}. Write it like earn_bps=150.</source>
   <translation>{text} は規則の変更ではありません。earn_bps=150 のように書いてください。</translation>
  </message>
  <message>
   <source>That is not the PIN of {name}. No points were given. Tries left: {tries}.</source>
   <translation>{name} の暗証番号ではありません。ポイントは進呈されていません。あと {tries} 回試せます。</translation>
  </message>
  <message>
   <source>That is not the owner key of shop {shop}. Nothing was signed.</source>
   <translation>それは店 {shop} の店主の鍵ではありません。署名はされていません。</translation>
  </message>
  <message>
   <source>That is outside of what is allowed: {detail}. Nothing was proposed. liandao rules shows the values of now; choose one closer to them.</source>
   <translation>許される範囲を超えています（{detail}）。提案は出されていません。いまの値は liandao rules で確かめ、それに近い値を選んでください。</translation>
  </message>
  <message>
   <source>That key belongs or belonged to a shop of the street. Nothing was changed. Make a fresh one.</source>
   <translation>その鍵は商店街のいずれかの店が使っているか、使ったことがあります。何も変更していません。新しい鍵を作ってください。</translation>
  </message>
  <message>
   <source>That key is none of the street's treasurers'. Nothing was signed.</source>
   <translation>その鍵は商店街の会計担当のものではありません。署名はされていません。</translation>
  </message>
  <message>
   <source>That key protects nothing and cannot be registered. Nothing was changed. Make a fresh one.</source>
   <translation>その鍵では何も守れないため、登録できません。何も変更していません。新しい鍵を作ってください。</translation>
  </message>
  <message>
   <source>That part of the bond stands for points that customers hold. No stake was moved. Move less, or wait until points were used or have expired.</source>
   <translation>その分の保証金は、お客様がお持ちのポイントの裏付けです。保証金は動かしていません。額を減らすか、ポイントが使われるか期限が切れるのを待ってください。</translation>
  </message>
  <message>
   <source>That proposal is decided, taken back or lapsed. Nothing was changed.</source>
   <translation>その提案はすでに決まったか、取り下げられたか、期限切れです。何も変更していません。</translation>
  </message>
  <message>
   <source>That sale has a claim code already. Nothing was changed. Please use the receipt that was printed first.</source>
   <translation>その会計にはすでにポイントの受取コードがあります。何も変更していません。先に印刷したレシートを使ってください。</translation>
  </message>
  <message>
   <source>That sale was made with a card, and its points are on that card. Nothing is left to claim.</source>
   <translation>その会計はカード付きで、ポイントはそのカードに入っています。受け取れるポイントは残っていません。</translation>
  </message>
  <message>
   <source>That shop has not stamped this document. One letter changed, or a file saved anew by another program, makes another document.</source>
   <translation>その店はこの書類に証明の印を押していません。一文字変えたり、別のプログラムで保存し直したりすると、別の書類になります。</translation>
  </message>
  <message>
   <source>That shop pays nothing for customers who are sent to it. Nothing was recorded; the customer can go there all the same.</source>
   <translation>その店は紹介料を払っていません。何も記録していません。お客様はそのままその店をご利用になれます。</translation>
  </message>
  <message>
   <source>That stake came from another shop's seat lately and still answers for it. No stake was moved. Take it back instead, or wait.</source>
   <translation>その保証金は最近ほかの席から移ったもので、まだその席の責任を負っています。保証金は動かしていません。引き揚げるか、しばらく待ってください。</translation>
  </message>
  <message>
   <source>That text is too long: at most {most} characters. Nothing was saved. Please shorten it.</source>
   <translation>文字が長すぎます（{most} 文字まで）。保存していません。短くしてください。</translation>
  </message>
  <message>
   <source>The PIN is not right. No points were taken. Please let the customer type it again.</source>
   <translation>暗証番号が違います。ポイントは引き落としていません。お客様にもう一度入力していただいてください。</translation>
  </message>
  <message>
   <source>The bill has changed since the coupon was scanned. The sale is saved and the coupon was not used up. Please correct the sale.</source>
   <translation>クーポンを読み取ったあとにお会計が変わりました。会計は保存され、クーポンは未使用のままです。会計を訂正してください。</translation>
  </message>
  <message>
   <source>The bill is too small for this coupon. Nothing was taken off, and the coupon is still good for a larger bill.</source>
   <translation>お会計がこのクーポンの最低額に届きません。値引きはしていません。クーポンはより大きなお会計で引き続き使えます。</translation>
  </message>
  <message>
   <source>The bond of the shop that pays does not cover this budget. Nothing was published. Lower the budget, or raise the bond.</source>
   <translation>費用を負担する店の保証金では、この予算をまかなえません。公開されていません。予算を下げるか、保証金を増やしてください。</translation>
  </message>
  <message>
   <source>The campaign does not have that many coupons left to give. None was added. Ask for fewer, or make another campaign.</source>
   <translation>このキャンペーンには、その枚数のクーポンは残っていません。追加していません。枚数を減らすか、別のキャンペーンを作ってください。</translation>
  </message>
  <message>
   <source>The campaign has less money left than this coupon takes off. Nothing was taken off the bill. Please go on without it.</source>
   <translation>キャンペーンの残りの予算が、このクーポンの値引き額に足りません。値引きはしていません。クーポンなしで続けてください。</translation>
  </message>
  <message>
   <source>The campaign would end before it begins, or has ended. It was not published. Please correct the dates.</source>
   <translation>キャンペーンの終わりが始まりより前か、すでに過ぎています。公開されていません。日付を直してください。</translation>
  </message>
  <message>
   <source>The card could not be read completely. Nothing was changed. Please scan it again, or type the eight digits below the code.</source>
   <translation>カードを最後まで読み取れませんでした。何も変更していません。もう一度読み取るか、コードの下の8桁の番号を入力してください。</translation>
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
   <source>The card was misread. Nothing was changed. Please scan it again, or type the eight digits below the code.</source>
   <translation>カードを正しく読み取れませんでした。何も変更していません。もう一度読み取るか、コードの下の8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>The card was scanned on another day. Nothing was recorded. Please scan it again.</source>
   <translation>カードを読み取ったのは別の日です。何も記録していません。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The code on the receipt was misread. Nothing was changed. Please scan the receipt again.</source>
   <translation>レシートのコードを正しく読み取れませんでした。何も変更していません。レシートをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The connection to this shop's node broke. Recorded sales are safe; asking again does nothing twice.</source>
   <translation>当店のノードとの接続が切れました。記録済みの会計は安全です。やり直しても二重にはなりません。</translation>
  </message>
  <message>
   <source>The coupon belongs to another card than the sale. The sale is saved and the coupon was not used up. Please correct the sale.</source>
   <translation>クーポンはこの会計とは別のカードのものです。会計は保存され、クーポンは未使用のままです。会計を訂正してください。</translation>
  </message>
  <message>
   <source>The coupon is no longer on this bill. Nothing was taken off. Please scan it again.</source>
   <translation>クーポンはもうこのお会計に入っていません。値引きはしていません。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The coupon was scanned too long ago. It was not used up. Please scan it again.</source>
   <translation>クーポンを読み取ってから時間がたちすぎました。クーポンは未使用のままです。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>The coupon was used or given back before. Nothing was taken off a second time.</source>
   <translation>クーポンはすでに使われたか、戻されています。二重の値引きはしていません。</translation>
  </message>
  <message>
   <source>The coupons of this sale were given back before. Nothing was changed.</source>
   <translation>この会計のクーポンはすでに戻されています。何も変更していません。</translation>
  </message>
  <message>
   <source>The coupons of this sale were recorded before. Nothing was taken off a second time.</source>
   <translation>この会計のクーポンはすでに記録済みです。二重の値引きはしていません。</translation>
  </message>
  <message>
   <source>The digits do not belong to this card. Nothing was changed. Please scan it again.</source>
   <translation>番号がこのカードのものではありません。何も変更していません。もう一度読み取ってください。</translation>
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
   <source>The division does not agree with its traffic: {what} of {whose} was booked as {booked}, the traffic gives {recomputed}. Points and credit stay as they were booked. Compare with another shop, then check this computer: liandao verify data.</source>
   <translation>分配が来店記録と一致しません：{whose} の {what} は {booked} と記帳されていますが、記録では {recomputed} です。ポイントと受取分は記帳どおりのままです。別の店と照合してから、このパソコンを確認してください：liandao verify data。</translation>
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
   <source>The list of shops names one twice or is out of order. The campaign was not published. Please choose the shops again.</source>
   <translation>店の一覧に重複があるか、順番が違います。キャンペーンは公開されていません。店を選び直してください。</translation>
  </message>
  <message>
   <source>The list of this shop's people cannot be read ({path}). No points were given by hand. Please put it right, or remove it and name the people again.</source>
   <translation>この店の担当者名簿を読み取れません（{path}）。ポイントは進呈されていません。修正するか、削除して登録し直してください。</translation>
  </message>
  <message>
   <source>The new PIN or paper could not be checked. The old one still holds, and the points are safe. Please try again.</source>
   <translation>新しい暗証番号または控えを確認できませんでした。元のものが引き続き有効で、ポイントは安全です。もう一度お試しください。</translation>
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
   <source>The owner has signed a later statement about this shop's key already. Nothing was changed. Make a new one.</source>
   <translation>この店の鍵については、店主がより新しい証明書にすでに署名しています。何も変更していません。証明書を作り直してください。</translation>
  </message>
  <message>
   <source>The owner of shop {shop} has given it another node key, so the others do not listen to this one and the node has stopped. Points are safe, and sales that wait here are kept. Run the computer that has the new key.</source>
   <translation>店 {shop} の店主が別のノード鍵に替えたため、ほかの店はこの鍵を受け付けず、このノードは止まりました。ポイントは安全で、送信待ちの会計も残っています。新しい鍵のあるパソコンを動かしてください。</translation>
  </message>
  <message>
   <source>The part without points is larger than the bill. Nothing was recorded. Please check the amounts.</source>
   <translation>ポイント対象外の金額がお会計より大きくなっています。何も記録していません。金額を確認してください。</translation>
  </message>
  <message>
   <source>The points of this receipt were claimed before. Nothing was given a second time.</source>
   <translation>このレシートのポイントはすでに受け取り済みです。二重には進呈されていません。</translation>
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
   <source>The pool cannot take that much. Nothing was changed; the money is with the treasurers.</source>
   <translation>共同基金はその額を受け入れられません。何も変更していません。お金は商店街の会計担当が預かっています。</translation>
  </message>
  <message>
   <source>The pool was not divided for {period}. A month is divided when it is over; liandao pool shows the running one.</source>
   <translation>{period} の共同基金はまだ分配されていません。分配は月が終わってからです。今月の状況：liandao pool。</translation>
  </message>
  <message>
   <source>The proposal changes nothing, names a rule twice, or changes rules and modules at once. Nothing was proposed. Propose one or the other, with another value than now.</source>
   <translation>提案に変更がないか、同じ規則が2回あるか、規則とモジュールを同時に変えようとしています。提案は出されていません。どちらか一方を、いまと違う値で提案してください。</translation>
  </message>
  <message>
   <source>The receipt is being written. The sale is safe. Please try again in a moment.</source>
   <translation>レシートを作成しています。会計は安全です。少し待ってからお試しください。</translation>
  </message>
  <message>
   <source>The rule {name} cannot be changed by a vote. Nothing was proposed.</source>
   <translation>規則 {name} は投票では変えられません。提案は出されていません。</translation>
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
   <source>The shop may not be paid out that much yet. Nothing was changed. Ask for less, or wait.</source>
   <translation>その店はまだそれだけの額を払い戻せません。何も変更していません。額を減らすか、しばらく待ってください。</translation>
  </message>
  <message>
   <source>The shop that is to pay for this campaign has not agreed yet. Nothing was changed. Please ask it to.</source>
   <translation>費用を負担する店がまだ同意していません。何も変更していません。その店に同意を頼んでください。</translation>
  </message>
  <message>
   <source>The shop that pays for this has stopped paying or is leaving the street. Nothing was taken off the bill. Please go on without the coupon.</source>
   <translation>費用を負担する店が支払いを止めたか、商店街を退会するところです。値引きはしていません。クーポンなしで続けてください。</translation>
  </message>
  <message>
   <source>The shop was punished for this before. Nobody pays twice, and nothing was changed.</source>
   <translation>その店はこの件ですでに処分されています。二重の処分はなく、何も変更していません。</translation>
  </message>
  <message>
   <source>The shop's own bond is smaller than that. No stake was moved. Choose a smaller amount.</source>
   <translation>当店自身の保証金はそれより少ないです。保証金は動かしていません。額を減らしてください。</translation>
  </message>
  <message>
   <source>The shop's owner did not sign this statement. Nothing was changed. Please let the owner make it anew.</source>
   <translation>この証明書には店主の署名がありません。何も変更していません。店主に作り直してもらってください。</translation>
  </message>
  <message>
   <source>The stamp does not name this shop as party. Nothing was countersigned. Stamp the document yourself.</source>
   <translation>その証明の印では、当店は相手方になっていません。連署はしていません。この書類には当店で印を押してください。</translation>
  </message>
  <message>
   <source>The statement does not prove that its maker has the new key. Nothing was changed. Make the statement on the computer that has the key.</source>
   <translation>この証明書では、作った人が新しい鍵を持っていることを確認できません。何も変更していません。鍵のあるパソコンで証明書を作ってください。</translation>
  </message>
  <message>
   <source>The street has agreed to work with module {module} version {version} (proposal {proposal}), which is not installed here. Install it before that begins; `liandao rules` says when. Until then nothing changes.</source>
   <translation>商店街はモジュール {module} バージョン {version} の使用を決めました（提案 {proposal}）。ここには入っていません。始まる前にインストールしてください。時期は `liandao rules` でわかります。それまでは何も変わりません。</translation>
  </message>
  <message>
   <source>The street has as many open proposals as it may. Nothing was proposed. Try again when one is decided.</source>
   <translation>商店街の審議中の提案が上限に達しています。提案は出されていません。どれかが決まってからもう一度お試しください。</translation>
  </message>
  <message>
   <source>The street has more work waiting than it can hold. Nothing was taken. Please try again in a moment.</source>
   <translation>商店街の処理待ちがいっぱいです。引き落としはしていません。少し待ってからお試しください。</translation>
  </message>
  <message>
   <source>The street has no coupons of that printing. None of them can be used. Print them anew: liandao coupon print.</source>
   <translation>商店街にはこの印刷分のクーポンの記録がなく、どれも使えません。次の命令で印刷し直してください：liandao coupon print。</translation>
  </message>
  <message>
   <source>The street has no rule {name}. Nothing was proposed. liandao rules lists all of them.</source>
   <translation>商店街に規則 {name} はありません。提案は出されていません。規則の一覧：liandao rules。</translation>
  </message>
  <message>
   <source>The street has no shop with that number. No stake was moved. Please check the number.</source>
   <translation>商店街にその番号の店はありません。保証金は動かしていません。番号を確認してください。</translation>
  </message>
  <message>
   <source>The street has no shop with that number. Nothing was changed. Please check the number.</source>
   <translation>商店街にその番号の店はありません。何も変更していません。番号を確認してください。</translation>
  </message>
  <message>
   <source>The street has no such campaign. Nothing was changed. Please check its number.</source>
   <translation>商店街にそのキャンペーンはありません。何も変更していません。番号を確認してください。</translation>
  </message>
  <message>
   <source>The street has {shops} seats, and without shop {shop} the others agree on nothing: no new key could ever be recorded. Nothing was changed. If the voting record is lost, found the street anew in another directory: liandao init.</source>
   <translation>商店街には {shops} の席があり、店 {shop} がいないとほかの店だけでは何も決められないため、新しい鍵は登録できません。何も変更していません。投票の記録を失った場合は、別のフォルダーで商店街を作り直してください：liandao init。</translation>
  </message>
  <message>
   <source>The street works with module {module} now, which does not fit here ({why}), so this node has stopped voting and stands still. Points are safe, and nothing is lost. Ask its author for one that fits, install it and restart.</source>
   <translation>商店街は現在モジュール {module} を使っていますが、ここでは合いません（{why}）。そのためこのノードは投票をやめ、止まっています。ポイントは安全で、何も失われていません。作者に合うものを求め、インストールして再起動してください。</translation>
  </message>
  <message>
   <source>The street works with module {module} version {version} now, which is not installed here, so this node has stopped voting and stands still. Points are safe, and nothing is lost. Install it and restart; the node goes on by itself then.</source>
   <translation>商店街は現在モジュール {module} バージョン {version} を使っていますが、ここには入っていません。そのためこのノードは投票をやめ、止まっています。ポイントは安全で、何も失われていません。インストールして再起動すると、自動で続きます。</translation>
  </message>
  <message>
   <source>The street's modules cannot be changed like that: {module}, {reason}. Nothing was proposed. liandao rules lists the modules and their versions.</source>
   <translation>商店街のモジュールをそのように変えることはできません（{module}：{reason}）。提案は出されていません。モジュールとバージョンの一覧：liandao rules。</translation>
  </message>
  <message>
   <source>The street's pool answers for this shop's points already. Nothing was changed.</source>
   <translation>当店のポイントはすでに商店街の共同基金が引き受けています。何も変更していません。</translation>
  </message>
  <message>
   <source>The time to claim the points of this receipt is over. No points were given. Please tell the customer.</source>
   <translation>このレシートのポイントの受取期限が過ぎています。ポイントは進呈されていません。お客様にお伝えください。</translation>
  </message>
  <message>
   <source>The traffic of {period} is no longer kept, so its division cannot be made again. What was booked stands. Ask for one of the last six months.</source>
   <translation>{period} の来店記録はもう残っていないため、分配を計算し直せません。記帳済みの内容は有効です。直近6か月のどれかを指定してください。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about the pool, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>会計担当のこの証明書は、共同基金についての次のものではないか、すでに提出済みです。何も変更していません。順番どおりのものを提出してください。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about these arrears, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>会計担当のこの証明書は、この未払いについての次のものではないか、すでに提出済みです。何も変更していません。順番どおりのものを提出してください。</translation>
  </message>
  <message>
   <source>The treasurers' statement is not the next one about this shop, or was brought before. Nothing was changed. Please bring the one that is due.</source>
   <translation>会計担当のこの証明書は、この店についての次のものではないか、すでに提出済みです。何も変更していません。順番どおりのものを提出してください。</translation>
  </message>
  <message>
   <source>The waiting time for the lost card is not over. Its points are safe where they are. Please come back later.</source>
   <translation>なくしたカードの待ち期間がまだ終わっていません。ポイントは元のまま安全です。しばらくしてからお越しください。</translation>
  </message>
  <message>
   <source>There is no language “{name}” here. Use en, zh-Hans or ja.</source>
   <translation>「{name}」という言語はありません。en・zh-Hans・ja のどれかを使ってください。</translation>
  </message>
  <message>
   <source>There is no proposal of that number. Nothing was changed. liandao rules lists those that are open.</source>
   <translation>その番号の提案はありません。何も変更していません。審議中の提案の一覧：liandao rules。</translation>
  </message>
  <message>
   <source>There is nothing to keep: no name, no number, no address, no note. Nothing was saved.</source>
   <translation>保存するものがありません。名前、番号、アドレス、メモのどれも空です。保存していません。</translation>
  </message>
  <message>
   <source>These coupons do not go together on one bill. None was used up. Please take the better one.</source>
   <translation>これらのクーポンは一つのお会計で併用できません。どれも未使用のままです。有利なほうを使ってください。</translation>
  </message>
  <message>
   <source>These eight digits hold a typing error. Please type them again.</source>
   <translation>8桁の番号に誤りがあります。もう一度入力してください。</translation>
  </message>
  <message>
   <source>These points are put aside in another shop. Nothing was taken here. Take payment without points, or wait until that shop is done.</source>
   <translation>このポイントは別の店で確保されています。当店では引き落としていません。ポイントなしで会計するか、その店の会計が終わるのを待ってください。</translation>
  </message>
  <message>
   <source>These points were put aside before. Nothing more was taken. Please scan the card again.</source>
   <translation>このポイントはすでに確保されています。追加の引き落としはありません。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>These points were used already. Nothing more was taken. Please look at the last sale.</source>
   <translation>このポイントはすでに使われています。二重の引き落としはありません。前回の会計を確認してください。</translation>
  </message>
  <message>
   <source>This came too late to be recorded. Nothing was changed. Please look whether it was recorded before, then do it again.</source>
   <translation>届くのが遅すぎたため、記録していません。何も変更していません。すでに記録されていないか確認してから、やり直してください。</translation>
  </message>
  <message>
   <source>This campaign is over. Nothing was taken off the bill, and the customer's points are safe.</source>
   <translation>このキャンペーンは終了しました。値引きはしていません。お客様のポイントは安全です。</translation>
  </message>
  <message>
   <source>This card has a PIN. No points were taken. Please scan the card and let the customer type the PIN.</source>
   <translation>このカードには暗証番号があります。ポイントは引き落としていません。カードを読み取り、お客様に暗証番号を入力していただいてください。</translation>
  </message>
  <message>
   <source>This card has had as many of these coupons as one card may. Nothing was taken off the bill. Please go on without the coupon.</source>
   <translation>このカードで使えるこのクーポンの枚数に達しています。値引きはしていません。クーポンなしで続けてください。</translation>
  </message>
  <message>
   <source>This card has points put aside in too many places. Nothing was taken. Wait a few minutes, or take payment without points.</source>
   <translation>このカードのポイントは多くの場所で確保されています。引き落としはしていません。数分待つか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>This card is a member already. Its points are as they were, and nothing is to be done.</source>
   <translation>このカードはすでに登録済みです。ポイントはそのままです。何もする必要はありません。</translation>
  </message>
  <message>
   <source>This card is blocked already. Its points are safe, and nothing more is to be done.</source>
   <translation>このカードはすでに停止されています。ポイントは安全です。これ以上何もする必要はありません。</translation>
  </message>
  <message>
   <source>This card is blocked, as its owner asked. Its points are safe and none were taken. The owner can unblock it with the card and its PIN.</source>
   <translation>このカードは持ち主の申し出により停止中です。ポイントは安全で、引き落としていません。カードと暗証番号があれば、持ち主が停止を解除できます。</translation>
  </message>
  <message>
   <source>This card is not blocked. Its points are as they were, and nothing is to be done.</source>
   <translation>このカードは停止されていません。ポイントはそのままです。何もする必要はありません。</translation>
  </message>
  <message>
   <source>This card takes part in too many campaigns. Nothing was changed; its points and coupons are safe. It can take part again when one of them ends.</source>
   <translation>このカードが参加しているキャンペーンが多すぎます。何も変更していません。ポイントとクーポンは安全です。どれかが終わればまた参加できます。</translation>
  </message>
  <message>
   <source>This card was replaced: its points are on its owner's new card. Nothing was changed. Please ask for the new card.</source>
   <translation>このカードは新しいカードに切り替わっています。ポイントは新しいカードにあります。何も変更していません。新しいカードを出していただいてください。</translation>
  </message>
  <message>
   <source>This code is not a card. Nothing was changed. Please scan the customer's card.</source>
   <translation>このコードはカードではありません。何も変更していません。お客様のカードを読み取ってください。</translation>
  </message>
  <message>
   <source>This computer cannot write down sales on their way ({path}). Selling goes on; please free disk space soon.</source>
   <translation>送信待ちの会計を書き込めません（{path}）。会計は続けられます。早めにディスクの空きを増やしてください。</translation>
  </message>
  <message>
   <source>This coupon goes with a customer's card. Nothing was taken off yet. Please scan the card, then the coupon.</source>
   <translation>このクーポンにはお客様のカードが必要です。まだ値引きはしていません。カード、クーポンの順に読み取ってください。</translation>
  </message>
  <message>
   <source>This coupon is not taken at this shop. Nothing was taken off the bill, and the coupon is still good elsewhere.</source>
   <translation>このクーポンは当店では使えません。値引きはしていません。ほかの店では引き続き使えます。</translation>
  </message>
  <message>
   <source>This coupon is not taken at this time. Nothing was taken off the bill, and the coupon was not used up.</source>
   <translation>このクーポンはいまの時間帯には使えません。値引きはしておらず、クーポンは未使用のままです。</translation>
  </message>
  <message>
   <source>This coupon was scanned before for this bill. Nothing was changed. Please scan it again.</source>
   <translation>このクーポンはこのお会計ですでに読み取り済みです。何も変更していません。もう一度読み取ってください。</translation>
  </message>
  <message>
   <source>This coupon was used before. Nothing was taken off the bill a second time. Please go on without it.</source>
   <translation>このクーポンはすでに使われています。二重の値引きはしていません。クーポンなしで続けてください。</translation>
  </message>
  <message>
   <source>This customer bought at that shop lately, so nobody is paid for sending them. Nothing was recorded.</source>
   <translation>このお客様は最近その店で買い物をしているため、紹介料は発生しません。何も記録していません。</translation>
  </message>
  <message>
   <source>This customer's visit was counted today already. Points are safe, and nothing is to be done.</source>
   <translation>このお客様の本日の来店はすでに数えています。ポイントは安全です。何もする必要はありません。</translation>
  </message>
  <message>
   <source>This does not prove that a shop lied. Nobody was punished, and nothing was changed.</source>
   <translation>これでは店の不正を証明できません。処分はなく、何も変更していません。</translation>
  </message>
  <message>
   <source>This is another paper than the one that is needed. Nothing was changed. Please scan the right one.</source>
   <translation>必要なものとは別の控えです。何も変更していません。正しいものを読み取ってください。</translation>
  </message>
  <message>
   <source>This is no card of the street. Nothing was changed. Scan the customer's card or type its eight digits.</source>
   <translation>この商店街のカードではありません。何も変更していません。お客様のカードを読み取るか、8桁の番号を入力してください。</translation>
  </message>
  <message>
   <source>This is no e-mail address. Nothing was saved. Please type it like name@example.org.</source>
   <translation>メールアドレスではありません。保存していません。name@example.org のように入力してください。</translation>
  </message>
  <message>
   <source>This is no phone number. Nothing was saved. Please type {least} to {most} digits.</source>
   <translation>電話番号ではありません。保存していません。{least}〜{most} 桁の数字を入力してください。</translation>
  </message>
  <message>
   <source>This is no receipt of a sale. Nothing was refunded. Scan the receipt's code, or type register and number, such as 1-17.</source>
   <translation>会計のレシートではありません。返金はされていません。レシートのコードを読み取るか、レジと番号を 1-17 のように入力してください。</translation>
  </message>
  <message>
   <source>This is not a coupon that was printed for the campaign. Nothing was taken off the bill. Please scan it again, or keep it for the owner.</source>
   <translation>このキャンペーンのために印刷されたクーポンではありません。値引きはしていません。もう一度読み取るか、預かって店主に渡してください。</translation>
  </message>
  <message>
   <source>This is the same card twice. Nothing was changed. Please scan the other card.</source>
   <translation>同じカードを2回読み取りました。何も変更していません。もう1枚のカードを読み取ってください。</translation>
  </message>
  <message>
   <source>This kind of payment is not known. Nothing was recorded. Use cash, card or other.</source>
   <translation>この支払い方法は使えません。何も記録していません。現金・カード・その他から選んでください。</translation>
  </message>
  <message>
   <source>This lie is too long ago: the stake behind it has left. Nobody was punished, and nothing was changed.</source>
   <translation>この不正は古すぎ、裏付けの保証金はもう残っていません。処分はなく、何も変更していません。</translation>
  </message>
  <message>
   <source>This needs the card itself, not its eight digits. Nothing was changed. Please scan the card.</source>
   <translation>8桁の番号だけではなく、カードそのものが必要です。何も変更していません。カードを読み取ってください。</translation>
  </message>
  <message>
   <source>This needs the paper that the customer got with the card. The points are safe where they are. Please scan the paper.</source>
   <translation>カードと一緒にお渡しした控えが必要です。ポイントは元のまま安全です。控えを読み取ってください。</translation>
  </message>
  <message>
   <source>This paper does not belong to that card. The points are safe where they are. Please look for the right paper.</source>
   <translation>この控えはそのカードのものではありません。ポイントは元のまま安全です。正しい控えを探してください。</translation>
  </message>
  <message>
   <source>This payment was confirmed as received before. Nothing was changed, and nothing is owed for it.</source>
   <translation>この支払いはすでに受取が確認されています。何も変更していません。これについての未払いはありません。</translation>
  </message>
  <message>
   <source>This payment was not made in time, and others covered for it. Nothing was changed, and what they bore is still owed. Pay the treasurers, or those who bore it.</source>
   <translation>この支払いは期限までに行われず、ほかの店が立て替えました。何も変更していません。立替分はまだ未払いです。商店街の会計担当か、立て替えた店に支払ってください。</translation>
  </message>
  <message>
   <source>This receipt brings no points, or none today. Nothing was changed. If this card got its most for today at that shop, please try tomorrow.</source>
   <translation>このレシートで付くポイントはないか、本日は付きません。何も変更していません。その店での本日の上限に達している場合は、明日もう一度お試しください。</translation>
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
   <source>This shop agreed to pay for the campaign before. Nothing was changed.</source>
   <translation>当店はこのキャンペーンの費用負担にすでに同意しています。何も変更していません。</translation>
  </message>
  <message>
   <source>This shop cannot give more points at present: its bond covers no more. No points were given. Ask for a higher bond, or try again after the next clearing.</source>
   <translation>この店はいまこれ以上ポイントを発行できません。保証金の範囲を超えます。ポイントは進呈されていません。保証金を増やすか、次の清算の後にお試しください。</translation>
  </message>
  <message>
   <source>This shop does not take part in that stamp card. Nothing was changed.</source>
   <translation>当店はそのスタンプカードに参加していません。何も変更していません。</translation>
  </message>
  <message>
   <source>This shop has as many campaigns running as it may. No other one was added. Please close one first.</source>
   <translation>当店で実施中のキャンペーンが上限に達しています。新しいものは追加していません。先にどれかを終了してください。</translation>
  </message>
  <message>
   <source>This shop has as many open proposals as it may. Nothing was proposed. Take one back, or wait until one is decided.</source>
   <translation>当店の審議中の提案が上限に達しています。提案は出されていません。どれかを取り下げるか、決まるのを待ってください。</translation>
  </message>
  <message>
   <source>This shop has begun as many moves without a paper today as the street allows. The points are safe where they are. Please try tomorrow, or at another shop.</source>
   <translation>控えなしの移行は、当店では本日の上限に達しました。ポイントは元のまま安全です。明日もう一度お試しになるか、別の店で申し込んでください。</translation>
  </message>
  <message>
   <source>This shop has blocked as many cards today as the street allows. This card was not blocked, and its points were not touched. Please ask another shop of the street.</source>
   <translation>当店が本日停止したカードは商店街の上限に達しました。このカードは停止されておらず、ポイントもそのままです。商店街の別の店に頼んでください。</translation>
  </message>
  <message>
   <source>This shop has countersigned the document before. That stands, and nothing more is to be done.</source>
   <translation>当店はこの書類にすでに連署しています。連署は有効です。これ以上何もする必要はありません。</translation>
  </message>
  <message>
   <source>This shop has given notice before. Nothing was changed, and nothing more is to be done.</source>
   <translation>当店はすでに退会を届け出ています。何も変更していません。これ以上何もする必要はありません。</translation>
  </message>
  <message>
   <source>This shop has no seat in the present committee, so it has no vote. Nothing was changed. It may make proposals of its own.</source>
   <translation>当店は現在の委員会に席がないため、投票できません。何も変更していません。自分から提案を出すことはできます。</translation>
  </message>
  <message>
   <source>This shop has no such payment in that half month. Nothing was changed. liandao clearing show lists the payments.</source>
   <translation>その半月に当店のそのような支払いはありません。何も変更していません。支払いの一覧：liandao clearing show。</translation>
  </message>
  <message>
   <source>This shop has not given notice. Nothing was changed: it stays in the street.</source>
   <translation>当店は退会を届け出ていません。何も変更していません。当店は商店街にとどまります。</translation>
  </message>
  <message>
   <source>This shop has stamped as much as it may on one day. Nothing was stamped. Go on tomorrow, or stamp one file that lists the others with their SHA-256.</source>
   <translation>当店が1日に押せる証明の印の上限に達しました。印は押していません。明日続けるか、残りの書類とその SHA-256 を並べた一覧に印を押してください。</translation>
  </message>
  <message>
   <source>This shop has stamped the document before, in block {height} of {since}. That stamp stands and is the older proof. Nothing was stamped a second time.</source>
   <translation>当店はこの書類にすでに証明の印を押しています（{since}、ブロック {height}）。その印は有効で、より古い証明です。二重には押していません。</translation>
  </message>
  <message>
   <source>This shop is in arrears. Its points stay its own for now, and customers lose none. Pay the arrears first.</source>
   <translation>当店には未払いがあります。ポイントは当面当店が引き受けたままで、お客様に損はありません。先に未払いを支払ってください。</translation>
  </message>
  <message>
   <source>This shop is not kept from voting. Nothing was changed, and nothing is to be done.</source>
   <translation>当店は投票を止められていません。何も変更していません。何もする必要はありません。</translation>
  </message>
  <message>
   <source>This shop keeps nothing about the owner of this card. Nothing was changed, and the card's points are as they were.</source>
   <translation>当店はこのカードの持ち主について何も保存していません。何も変更されておらず、カードのポイントもそのままです。</translation>
  </message>
  <message>
   <source>This shop keeps something about the owner of this card already. Nothing was changed. Please look at it first, then correct what is wrong.</source>
   <translation>当店はこのカードの持ち主についてすでに保存しています。何も変更されていません。まず内容を確かめ、違うところを直してください。</translation>
  </message>
  <message>
   <source>This shop takes part in that stamp card. Nothing was changed.</source>
   <translation>当店はすでにそのスタンプカードに参加しています。何も変更していません。</translation>
  </message>
  <message>
   <source>This shop's bond does not cover its points and payments. Nothing was changed. Deposit more, or wait until more points are used.</source>
   <translation>当店の保証金では、発行したポイントと支払いをまかなえません。何も変更していません。保証金を増やすか、ポイントがもっと使われるのを待ってください。</translation>
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
   <source>This shop's node is not up to date yet. Nothing was changed. Please try again when it has caught up.</source>
   <translation>当店のノードはまだ最新になっていません。何も変更していません。追いついてからもう一度お試しください。</translation>
  </message>
  <message>
   <source>This shop's staff gave as many points today as the street allows. No points were given; {left} are left for today.</source>
   <translation>本日の手動進呈は商店街の上限に達しました。ポイントは進呈されていません。本日の残りは {left} です。</translation>
  </message>
  <message>
   <source>This street does not offer that. Nothing was changed, and points are safe. Please go on without it.</source>
   <translation>この商店街ではその機能を使えません。何も変更していません。ポイントは安全です。この機能なしで続けてください。</translation>
  </message>
  <message>
   <source>This street has no clearing. Nothing is owed between its shops.</source>
   <translation>この商店街に清算はありません。店どうしの未払いはありません。</translation>
  </message>
  <message>
   <source>This street has no pool. Nothing is divided.</source>
   <translation>この商店街に共同基金はありません。分配するものはありません。</translation>
  </message>
  <message>
   <source>This street has no rulebook that can be changed: its rules are those of its genesis file.</source>
   <translation>この商店街の規則は変更できません。商店街を始めたときのファイルの規則に従います。</translation>
  </message>
  <message>
   <source>This visit is of another day, so it does not count. Points are safe. Scan the card again.</source>
   <translation>別の日の来店なので、数に入りません。ポイントは安全です。カードをもう一度読み取ってください。</translation>
  </message>
  <message>
   <source>This was recorded before. It was not recorded a second time, and nothing is to be done.</source>
   <translation>すでに記録済みです。二重には記録していません。何もする必要はありません。</translation>
  </message>
  <message>
   <source>Too few of the street's treasurers signed this, or a signature is wrong. Nothing was changed. Please let the others sign, too.</source>
   <translation>署名した会計担当が足りないか、誤った署名があります。何も変更していません。ほかの会計担当にも署名してもらってください。</translation>
  </message>
  <message>
   <source>Too few shops of the street answer. Nothing was taken. Wait, or take payment without points.</source>
   <translation>応答する店が足りません。引き落としはしていません。待つか、ポイントなしで会計してください。</translation>
  </message>
  <message>
   <source>Too many cards were joined into this one. The points are safe where they are. Please take a fresh card for them.</source>
   <translation>このカードにまとめたカードが多すぎます。ポイントは元のまま安全です。新しいカードを使ってください。</translation>
  </message>
  <message>
   <source>Too many parts of this shop's stake are on their way. No stake was moved. Wait until some have arrived.</source>
   <translation>当店の保証金は、移動中のものが多すぎます。保証金は動かしていません。いくつか届くまで待ってください。</translation>
  </message>
  <message>
   <source>Too many sales wait for the street. This one was not recorded. Please check the connection to the other shops.</source>
   <translation>商店街の確定を待つ会計が多すぎます。この会計は記録していません。ほかの店との接続を確認してください。</translation>
  </message>
  <message>
   <source>Too many tills have coupons of this campaign open. Nothing was taken off. Please try again in a minute.</source>
   <translation>このキャンペーンのクーポンを扱っているレジが多すぎます。値引きはしていません。1分後にもう一度お試しください。</translation>
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
   <source>{path} belongs to another street. Nothing was changed.</source>
   <translation>{path} は別の商店街のものです。何も変更していません。</translation>
  </message>
  <message>
   <source>{path} holds a signature that is not by treasurer {treasurer} of this street. Nothing was signed. Make the statement anew.</source>
   <translation>{path} に、この商店街の会計担当 {treasurer} のものではない署名があります。署名はされていません。証明書を作り直してください。</translation>
  </message>
  <message>
   <source>{path} holds no key. Nothing was signed or started.</source>
   <translation>{path} に鍵がありません。署名も起動もしていません。</translation>
  </message>
  <message>
   <source>{path} holds no statement that could be brought. Nothing was changed.</source>
   <translation>{path} に提出できる証明書がありません。何も変更していません。</translation>
  </message>
  <message>
   <source>{text} is no clearing period. Write it like 2026-03-1 for the first half of March 2026 or 2026-03-2 for the second.</source>
   <translation>{text} は清算期間ではありません。2026年3月前半は 2026-03-1、後半は 2026-03-2 のように書いてください。</translation>
  </message>
  <message>
   <source>{text} is no month. Write it like 2026-03.</source>
   <translation>{text} は月ではありません。2026-03 のように書いてください。</translation>
  </message>
  <message>
   <source>“{typed}” is no amount. Nothing was taken. Please type it again.</source>
   <translation>「{typed}」は金額ではありません。何も記録していません。もう一度入力してください。</translation>
  </message>
 </context>
</TS>
