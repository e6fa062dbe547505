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
   <source>Amount</source>
   <translation>金額</translation>
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
   <source>First visit</source>
   <translation>初めてのご来店</translation>
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
   <source>Looking up the card…</source>
   <translation>カードを照会しています…</translation>
  </message>
  <message>
   <source>Max</source>
   <translation>最大</translation>
  </message>
  <message>
   <source>New card</source>
   <translation>新しいカード</translation>
  </message>
  <message>
   <source>No points on this card yet.</source>
   <translation>このカードにはまだポイントがありません。</translation>
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
   <source>Ready for the first sale.</source>
   <translation>会計を始められます。</translation>
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
   <source>The sale need not wait for it.</source>
   <translation>会計はこのまま進められます。</translation>
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
   <source>new balance {amount}</source>
   <translation>ポイント残高 {amount}</translation>
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
   <source>points used {amount}</source>
   <translation>ポイント利用 {amount}</translation>
  </message>
  <message>
   <source>refused</source>
   <translation>不成立</translation>
  </message>
  <message>
   <source>{amount} set aside for this sale</source>
   <translation>この会計に {amount} を確保しました</translation>
  </message>
  <message>
   <source>{count} not confirmed</source>
   <translation>未確定 {count} 件</translation>
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
   <source>Eight digits are not enough to make a new card known. Please scan the card, or make a new one.</source>
   <translation>8桁の番号だけでは新しいカードを登録できません。カードを読み取るか、新しいカードを作ってください。</translation>
  </message>
  <message>
   <source>More points than were put aside. Nothing was taken. Please scan the card again.</source>
   <translation>確保した数より多いポイントです。引き落としはしていません。カードをもう一度読み取ってください。</translation>
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
   <source>Not a card of this street. Nothing was changed. You can make it a member now or sell without a card.</source>
   <translation>この商店街のカードではありません。何も変更していません。今すぐ登録するか、カードなしで会計してください。</translation>
  </message>
  <message>
   <source>Nothing was read. Please scan the card again or type its eight digits.</source>
   <translation>何も読み取れませんでした。カードをもう一度読み取るか、8桁の番号を入力してください。</translation>
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
   <source>This kind of payment is not known. Nothing was recorded. Use cash, card or other.</source>
   <translation>この支払い方法は使えません。何も記録していません。現金・カード・その他から選んでください。</translation>
  </message>
  <message>
   <source>This receipt number has another sale already. That sale stands; this one was not recorded a second time.</source>
   <translation>この伝票番号にはすでに別の会計があります。その会計は有効で、今回の分は二重に記録していません。</translation>
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
   <source>“{typed}” is no amount. Nothing was taken. Please type it again.</source>
   <translation>「{typed}」は金額ではありません。何も記録していません。もう一度入力してください。</translation>
  </message>
 </context>
</TS>
