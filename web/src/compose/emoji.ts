// Emoji by kind, with their names in the Unicode Character Database; flags come from the countries' codes.  Loaded with the picker.
import { language, msg } from '../i18n/index.ts';

const titles: Record<string, string> = { people: msg('People and faces'), nature: msg('Animals and nature'), food: msg('Food and drink'), activity: msg('Activities'),
  travel: msg('Travel and places'), objects: msg('Objects'), symbols: msg('Symbols'), flags: msg('Flags') };

// The first ASCII letter ends the emoji and begins its name.
const data: Record<string, string> = {
  people:
    '😀grinning face|😁grinning face smiling eyes|😂face tears of joy|😃smiling face open mouth|😄smiling face open mouth and smiling eyes' +
    '|😅smiling face open mouth and cold sweat|😆smiling face open mouth and tightly-closed eyes|😇smiling face halo|😈smiling face horns|😉winking face' +
    '|😊smiling face smiling eyes|😋face savouring delicious food|😌relieved face|😍smiling face heart-shaped eyes|😎smiling face sunglasses|😏smirking face' +
    '|😐neutral face|😑expressionless face|😒unamused face|😓face cold sweat|😔pensive face|😕confused face|😖confounded face|😗kissing face|😘face throwing a kiss' +
    '|😙kissing face smiling eyes|😚kissing face closed eyes|😛face stuck-out tongue|😜face stuck-out tongue and winking eye' +
    '|😝face stuck-out tongue and tightly-closed eyes|😞disappointed face|😟worried face|😠angry face|😡pouting face|😢crying face|😣persevering face' +
    '|😤face look of triumph|😥disappointed but relieved face|😦frowning face open mouth|😧anguished face|😨fearful face|😩weary face|😪sleepy face|😫tired face' +
    '|😬grimacing face|😭loudly crying face|😮face open mouth|😯hushed face|😰face open mouth and cold sweat|😱face screaming in fear|😲astonished face' +
    '|😳flushed face|😴sleeping face|😵dizzy face|😶face without mouth|😷face medical mask|😸grinning cat face smiling eyes|😹cat face tears of joy' +
    '|😺smiling cat face open mouth|😻smiling cat face heart-shaped eyes|😼cat face wry smile|😽kissing cat face closed eyes|😾pouting cat face|😿crying cat face' +
    '|🙀weary cat face|🙁slightly frowning face|🙂slightly smiling face|🙃upside-down face|🙄face rolling eyes|🙅face no good gesture|🙆face ok gesture' +
    '|🙇person bowing deeply|🙈see-no-evil monkey|🙉hear-no-evil monkey|🙊speak-no-evil monkey|🙋happy person raising one hand' +
    '|🙌person raising both hands in celebration|🙍person frowning|🙎person pouting face|🙏person folded hands|🤐zipper-mouth face|🤑money-mouth face' +
    '|🤒face thermometer|🤓nerd face|🤔thinking face|🤕face head-bandage|🤖robot face|🤗hugging face|🤘sign of the horns|🤙call me hand|🤚raised back of hand' +
    '|🤛left-facing fist|🤜right-facing fist|🤝handshake|🤞hand index and middle fingers crossed|🤟i love you hand sign|🤠face cowboy hat|🤡clown face' +
    '|🤢nauseated face|🤣rolling on the floor laughing|🤤drooling face|🤥lying face|🤦face palm|🤧sneezing face|🤨face one eyebrow raised|🤩grinning face star eyes' +
    '|🤪grinning face one large and one small eye|🤫face finger covering closed lips|🤬serious face symbols covering mouth' +
    '|🤭smiling face smiling eyes and hand covering mouth|🤮face open mouth vomiting|🤯shocked face exploding head|🥰smiling face smiling eyes and three hearts' +
    '|🥱yawning face|🥲smiling face tear|🥳face party horn and party hat|🥴face uneven eyes and wavy mouth|🥵overheated face|🥶freezing face|🥷ninja' +
    '|🥸disguised face|🥹face holding back tears|🥺face pleading eyes|🧐face monocle|🧑adult|🧒child|🧓older adult|🧔bearded person|🧕person headscarf' +
    '|🧖person in steamy room|🧗person climbing|🧘person in lotus position|🧙mage|🧚fairy|🧛vampire|🧜merperson|🧝elf|🧞genie|🧟zombie|🫠melting face|🫡saluting face' +
    '|🫢face open eyes and hand over mouth|🫣face peeking eye|🫤face diagonal mouth|🫥dotted line face|🫦biting lip|🫧bubbles|🫰hand index finger and thumb crossed' +
    '|🫱rightwards hand|🫲leftwards hand|🫳palm down hand|🫴palm up hand|🫵index pointing at the viewer|🫶heart hands|👀eyes|👁️eye|👂ear|👃nose|👄mouth|👅tongue' +
    '|👆white up pointing backhand index|👇white down pointing backhand index|👈white left pointing backhand index|👉white right pointing backhand index' +
    '|👊fisted hand sign|👋waving hand sign|👌ok hand sign|👍thumbs up sign|👎thumbs down sign|👏clapping hands sign|👐open hands sign|👤bust in silhouette' +
    '|👥busts in silhouette|👦boy|👧girl|👨man|👩woman|👪family|👫man and woman holding hands|👬two men holding hands|👭two women holding hands|👮police officer' +
    '|👯woman bunny ears|👰bride veil|👱person blond hair|👲man gua pi mao|👳man turban|👴older man|👵older woman|👶baby|👷construction worker|👸princess' +
    '|👹japanese ogre|👺japanese goblin|👻ghost|👼baby angel|👽extraterrestrial alien|👾alien monster|👿imp|💀skull|💁information desk person|💂guardsman|💃dancer' +
    '|💅nail polish|💆face massage|💇haircut|🤰pregnant woman|🤱breast-feeding|🤲palms up together|🤳selfie|🤴prince|🤵man in tuxedo|🤶mother christmas|🤷shrug' +
    '|🤸person doing cartwheel|🤹juggling|🦴bone|🦵leg|🦶foot|🦷tooth|🦸superhero|🦹supervillain|🦻ear hearing aid|🧍standing person|🧎kneeling person|🧏deaf person' +
    '|☝️white up pointing index|✊raised fist|✋raised hand|✌️victory hand|✍️writing hand|🖐️raised hand fingers splayed|🖕reversed hand middle finger extended' +
    '|🖖raised hand part between middle and ring fingers|💩pile of poo|💪flexed biceps|☹️white frowning face|☺️white smiling face|🫀anatomical heart|🫁lungs' +
    '|🫂people hugging|🫃pregnant man|🫄pregnant person|🫅person crown|💋kiss mark|🕴️man in business suit levitating|🕵️sleuth or spy|🕺man dancing' +
    '|🎅father christmas|☠️skull and crossbones|👣footprints',
  nature:
    '🐀rat|🐁mouse|🐂ox|🐃water buffalo|🐄cow|🐅tiger|🐆leopard|🐇rabbit|🐈cat|🐉dragon|🐊crocodile|🐋whale|🐌snail|🐍snake|🐎horse|🐏ram|🐐goat|🐑sheep|🐒monkey|🐓rooster' +
    '|🐔chicken|🐕dog|🐖pig|🐗boar|🐘elephant|🐙octopus|🐚spiral shell|🐛bug|🐜ant|🐝honeybee|🐞lady beetle|🐟fish|🐠tropical fish|🐡blowfish|🐢turtle|🐣hatching chick' +
    '|🐤baby chick|🐥front-facing baby chick|🐦bird|🐧penguin|🐨koala|🐩poodle|🐪dromedary camel|🐫bactrian camel|🐬dolphin|🐭mouse face|🐮cow face|🐯tiger face' +
    '|🐰rabbit face|🐱cat face|🐲dragon face|🐳spouting whale|🐴horse face|🐵monkey face|🐶dog face|🐷pig face|🐸frog face|🐹hamster face|🐺wolf face|🐻bear face' +
    '|🐼panda face|🐽pig nose|🐾paw prints|🐿️chipmunk|🌰chestnut|🌱seedling|🌲evergreen tree|🌳deciduous tree|🌴palm tree|🌵cactus|🌷tulip|🌸cherry blossom|🌹rose' +
    '|🌺hibiscus|🌻sunflower|🌼blossom|🌽ear of maize|🌾ear of rice|🌿herb|🍀four leaf clover|🍁maple leaf|🍂fallen leaf|🍃leaf fluttering in wind|🍄mushroom|🦀crab' +
    '|🦁lion face|🦂scorpion|🦃turkey|🦄unicorn face|🦅eagle|🦆duck|🦇bat|🦈shark|🦉owl|🦊fox face|🦋butterfly|🦌deer|🦍gorilla|🦎lizard|🦏rhinoceros|🦐shrimp|🦑squid' +
    '|🦒giraffe face|🦓zebra face|🦔hedgehog|🦕sauropod|🦖t-rex|🦗cricket|🦘kangaroo|🦙llama|🦚peacock|🦛hippopotamus|🦜parrot|🦝raccoon|🦞lobster|🦟mosquito|🦠microbe' +
    '|🦡badger|🦢swan|🦣mammoth|🦤dodo|🦥sloth|🦦otter|🦧orangutan|🦨skunk|🦩flamingo|🦪oyster|🦫beaver|🦬bison|🦭seal|🦮guide dog|🪰fly|🪱worm|🪲beetle|🪳cockroach' +
    '|🪴potted plant|🪵wood|🪶feather|🪷lotus|🪸coral|🪹empty nest|🪺nest eggs|🫐blueberries|🫑bell pepper|🫒olive|🫓flatbread|🫔tamale|🫕fondue|🫖teapot|🫗pouring liquid' +
    '|🫘beans|🫙jar|🌀cyclone|🌁foggy|🌂closed umbrella|🌃night stars|🌄sunrise over mountains|🌅sunrise|🌆cityscape at dusk|🌇sunset over buildings|🌈rainbow' +
    '|🌉bridge at night|🌊water wave|🌋volcano|🌌milky way|🌍earth globe europe-africa|🌎earth globe americas|🌏earth globe asia-australia|🌐globe meridians' +
    '|🌑new moon symbol|🌒waxing crescent moon symbol|🌓first quarter moon symbol|🌔waxing gibbous moon symbol|🌕full moon symbol|🌖waning gibbous moon symbol' +
    '|🌗last quarter moon symbol|🌘waning crescent moon symbol|🌙crescent moon|🌚new moon face|🌛first quarter moon face|🌜last quarter moon face|🌝full moon face' +
    '|🌞sun face|🌟glowing star|🌠shooting star|🌡️thermometer|🌤️white sun small cloud|🌥️white sun behind cloud|🌦️white sun behind cloud rain|🌧️cloud rain' +
    '|🌨️cloud snow|🌩️cloud lightning|🌪️cloud tornado|🌫️fog|🌬️wind blowing face|☀️black sun rays|☁️cloud|☂️umbrella|☃️snowman|☄️comet|☔umbrella rain drops' +
    '|⛄snowman without snow|⛅sun behind cloud|⛈️thunder cloud and rain|❄️snowflake|⚡high voltage sign|💐bouquet|☘️shamrock|🔥fire|💧droplet' +
    '|💦splashing sweat symbol|⭐white medium star|🕷️spider|🕸️spider web|🥀wilted flower|🕊️dove of peace',
  food:
    '🌶️hot pepper|🌭hot dog|🌮taco|🌯burrito|🍅tomato|🍆aubergine|🍇grapes|🍈melon|🍉watermelon|🍊tangerine|🍋lemon|🍌banana|🍍pineapple|🍎red apple|🍏green apple|🍐pear' +
    '|🍑peach|🍒cherries|🍓strawberry|🍔hamburger|🍕slice of pizza|🍖meat on bone|🍗poultry leg|🍘rice cracker|🍙rice ball|🍚cooked rice|🍛curry and rice' +
    '|🍜steaming bowl|🍝spaghetti|🍞bread|🍟french fries|🍠roasted sweet potato|🍡dango|🍢oden|🍣sushi|🍤fried shrimp|🍥fish cake swirl design|🍦soft ice cream' +
    '|🍧shaved ice|🍨ice cream|🍩doughnut|🍪cookie|🍫chocolate bar|🍬candy|🍭lollipop|🍮custard|🍯honey pot|🍰shortcake|🍱bento box|🍲pot of food|🍳cooking' +
    '|🍴fork and knife|🍵teacup without handle|🍶sake bottle and cup|🍷wine glass|🍸cocktail glass|🍹tropical drink|🍺beer mug|🍻clinking beer mugs|🍼baby bottle' +
    '|🍽️fork and knife plate|🍾bottle popping cork|🍿popcorn|🥂clinking glasses|🥃tumbler glass|🥄spoon|🥐croissant|🥑avocado|🥒cucumber|🥓bacon|🥔potato|🥕carrot' +
    '|🥖baguette bread|🥗green salad|🥘shallow pan of food|🥙stuffed flatbread|🥚egg|🥛glass of milk|🥜peanuts|🥝kiwifruit|🥞pancakes|🥟dumpling|🥠fortune cookie' +
    '|🥡takeout box|🥢chopsticks|🥣bowl spoon|🥤cup straw|🥥coconut|🥦broccoli|🥧pie|🥨pretzel|🥩cut of meat|🥪sandwich|🥫canned food|🥬leafy green|🥭mango|🥮moon cake' +
    '|🥯bagel|🎂birthday cake|☕hot beverage|🧀cheese wedge|🧁cupcake|🧂salt shaker|🧃beverage box|🧄garlic|🧅onion|🧆falafel|🧇waffle|🧈butter|🧉mate drink|🧊ice cube' +
    '|🧋bubble tea|🔪hocho|🏺amphora',
  activity:
    '🎀ribbon|🎁wrapped present|🎃jack-o-lantern|🎄christmas tree|🎆fireworks|🎇firework sparkler|🎈balloon|🎉party popper|🎊confetti ball|🎋tanabata tree' +
    '|🎌crossed flags|🎍pine decoration|🎎japanese dolls|🎏carp streamer|🎐wind chime|🎑moon viewing ceremony|🎒school satchel|🎓graduation cap|🎖️military medal' +
    '|🎗️reminder ribbon|🎙️studio microphone|🎚️level slider|🎛️control knobs|🎞️film frames|🎟️admission tickets|🎠carousel horse|🎡ferris wheel|🎢roller coaster' +
    '|🎣fishing pole and fish|🎤microphone|🎥movie camera|🎦cinema|🎧headphone|🎨artist palette|🎩top hat|🎪circus tent|🎫ticket|🎬clapper board|🎭performing arts' +
    '|🎮video game|🎯direct hit|🎰slot machine|🎱billiards|🎲game die|🎳bowling|🎴flower playing cards|🎵musical note|🎶multiple musical notes|🎷saxophone|🎸guitar' +
    '|🎹musical keyboard|🎺trumpet|🎻violin|🎼musical score|🎽running shirt sash|🎾tennis racquet and ball|🎿ski and ski boot|🏀basketball and hoop|🏁chequered flag' +
    '|🏂snowboarder|🏃runner|🏄surfer|🏅sports medal|🏆trophy|🏇horse racing|🏈american football|🏉rugby football|🏊swimmer|🏋️weight lifter|🏌️golfer' +
    '|🏍️racing motorcycle|🏎️racing car|🏏cricket bat and ball|🏐volleyball|🏑field hockey stick and ball|🏒ice hockey stick and puck' +
    '|🏓table tennis paddle and ball|🏸badminton racquet and shuttlecock|🏹bow and arrow|🤺fencer|🤼wrestlers|🤽water polo|🤾handball|🤿diving mask|🥁drum drumsticks' +
    '|🥅goal net|🥇first place medal|🥈second place medal|🥉third place medal|🥊boxing glove|🥋martial arts uniform|🥌curling stone|🥍lacrosse stick and ball' +
    '|🥎softball|🥏flying disc|⚽soccer ball|⚾baseball|⛳flag in hole|⛷️skier|⛸️ice skate|⛹️person ball|✨sparkles|🀄mahjong tile red dragon' +
    '|🃏playing card black joker|🧩jigsaw puzzle piece|♟️black chess pawn|🪀yo-yo|🪁kite|🪂parachute|🪃boomerang|🪄magic wand|🪅pinata|🪆nesting dolls|🔮crystal ball',
  travel:
    '🚀rocket|🚁helicopter|🚂steam locomotive|🚃railway car|🚄high-speed train|🚅high-speed train bullet nose|🚆train|🚇metro|🚈light rail|🚉station|🚊tram|🚋tram car' +
    '|🚌bus|🚍oncoming bus|🚎trolleybus|🚏bus stop|🚐minibus|🚑ambulance|🚒fire engine|🚓police car|🚔oncoming police car|🚕taxi|🚖oncoming taxi|🚗automobile' +
    '|🚘oncoming automobile|🚙recreational vehicle|🚚delivery truck|🚛articulated lorry|🚜tractor|🚝monorail|🚞mountain railway|🚟suspension railway' +
    '|🚠mountain cableway|🚡aerial tramway|🚢ship|🚣rowboat|🚤speedboat|🚥horizontal traffic light|🚦vertical traffic light|🚧construction sign' +
    '|🚨police cars revolving light|🚩triangular flag on post|🚪door|🚫no entry sign|🚬smoking symbol|🚭no smoking symbol|🚮put litter in its place symbol' +
    '|🚯do not litter symbol|🚰potable water symbol|🚱non-potable water symbol|🚲bicycle|🚳no bicycles|🚴bicyclist|🚵mountain bicyclist|🚶pedestrian|🚷no pedestrians' +
    '|🚸children crossing|🚹mens symbol|🚺womens symbol|🚻restroom|🚼baby symbol|🚽toilet|🚾water closet|🚿shower|🛀bath|🛁bathtub|🛂passport control|🛃customs' +
    '|🛄baggage claim|🛅left luggage|🛋️couch and lamp|🛌sleeping accommodation|🛍️shopping bags|🛎️bellhop bell|🛏️bed|🛐place of worship|🛑octagonal sign' +
    '|🛒shopping trolley|🛕hindu temple|🛖hut|🛗elevator|🛝playground slide|🛞wheel|🛟ring buoy|🛠️hammer and wrench|🛡️shield|🛢️oil drum|🛣️motorway|🛤️railway track' +
    '|🛥️motor boat|🛩️small airplane|🛫airplane departure|🛬airplane arriving|🛰️satellite|🛳️passenger ship|🛴scooter|🛵motor scooter|🛶canoe|🛷sled|🛸flying saucer' +
    '|🛹skateboard|🛺auto rickshaw|🛻pickup truck|🛼roller skate|🏔️snow capped mountain|🏕️camping|🏖️beach umbrella|🏗️building construction|🏘️house buildings' +
    '|🏙️cityscape|🏚️derelict house building|🏛️classical building|🏜️desert|🏝️desert island|🏞️national park|🏟️stadium|🏠house building|🏡house garden' +
    '|🏢office building|🏣japanese post office|🏤european post office|🏥hospital|🏦bank|🏧automated teller machine|🏨hotel|🏩love hotel|🏪convenience store|🏫school' +
    '|🏬department store|🏭factory|🏮izakaya lantern|🏯japanese castle|🏰european castle|🗺️world map|🗻mount fuji|🗼tokyo tower|🗽statue of liberty' +
    '|🗾silhouette of japan|🗿moyai|⚓anchor|⛪church|⛰️mountain|⛱️umbrella on ground|⛲fountain|⛴️ferry|⛵sailboat|⛺tent|⛽fuel pump|✈️airplane|🕋kaaba|🕌mosque' +
    '|🕍synagogue|⌚watch|⌛hourglass|⏰alarm clock|⏱️stopwatch|⏲️timer clock|⏳hourglass flowing sand|🕐clock face one oclock|🕑clock face two oclock' +
    '|🕒clock face three oclock|🕓clock face four oclock|🕔clock face five oclock|🕕clock face six oclock|🕖clock face seven oclock|🕗clock face eight oclock' +
    '|🕘clock face nine oclock|🕙clock face ten oclock|🕚clock face eleven oclock|🕛clock face twelve oclock|🕜clock face one-thirty|🕝clock face two-thirty' +
    '|🕞clock face three-thirty|🕟clock face four-thirty|🕠clock face five-thirty|🕡clock face six-thirty|🕢clock face seven-thirty|🕣clock face eight-thirty' +
    '|🕤clock face nine-thirty|🕥clock face ten-thirty|🕦clock face eleven-thirty|🕧clock face twelve-thirty|♨️hot springs|🕰️mantelpiece clock',
  objects:
    '👑crown|👒womans hat|👓eyeglasses|👔necktie|👕t-shirt|👖jeans|👗dress|👘kimono|👙bikini|👚womans clothes|👛purse|👜handbag|👝pouch|👞mans shoe|👟athletic shoe' +
    '|👠high-heeled shoe|👡womans sandal|👢womans boots|💄lipstick|💈barber pole|💉syringe|💊pill|💌love letter|💍ring|💎gem stone|💏kiss|💑couple heart|💒wedding' +
    '|💟heart decoration|💠diamond shape a dot inside|💡electric light bulb|💢anger symbol|💣bomb|💤sleeping symbol|💥collision symbol|💨dash symbol|💫dizzy symbol' +
    '|💬speech balloon|💭thought balloon|💮white flower|💯hundred points symbol|💰money bag|💱currency exchange|💲heavy dollar sign|💳credit card|💴banknote yen sign' +
    '|💵banknote dollar sign|💶banknote euro sign|💷banknote pound sign|💸money wings|💹chart upwards trend and yen sign|💺seat|💻personal computer|💼briefcase' +
    '|💽minidisc|💾floppy disk|💿optical disc|📀dvd|📁file folder|📂open file folder|📃page curl|📄page facing up|📅calendar|📆tear-off calendar|📇card index' +
    '|📈chart upwards trend|📉chart downwards trend|📊bar chart|📋clipboard|📌pushpin|📍round pushpin|📎paperclip|📏straight ruler|📐triangular ruler|📑bookmark tabs' +
    '|📒ledger|📓notebook|📔notebook decorative cover|📕closed book|📖open book|📗green book|📘blue book|📙orange book|📚books|📛name badge|📜scroll|📝memo' +
    '|📞telephone receiver|📟pager|📠fax machine|📡satellite antenna|📢public address loudspeaker|📣cheering megaphone|📤outbox tray|📥inbox tray|📦package' +
    '|📧e-mail symbol|📨incoming envelope|📩envelope downwards arrow above|📪closed mailbox lowered flag|📫closed mailbox raised flag|📬open mailbox raised flag' +
    '|📭open mailbox lowered flag|📮postbox|📯postal horn|📰newspaper|📱mobile phone|📲mobile phone rightwards arrow at left|📳vibration mode|📴mobile phone off' +
    '|📵no mobile phones|📶antenna bars|📷camera|📸camera flash|📹video camera|📺television|📻radio|📼videocassette|📽️film projector|📿prayer beads' +
    '|🔇speaker cancellation stroke|🔈speaker|🔉speaker one sound wave|🔊speaker three sound waves|🔋battery|🔌electric plug|🔍left-pointing magnifying glass' +
    '|🔎right-pointing magnifying glass|🔏lock ink pen|🔐closed lock key|🔑key|🔒lock|🔓open lock|🔔bell|🔕bell cancellation stroke|🔖bookmark|🔦electric torch' +
    '|🔧wrench|🔨hammer|🔩nut and bolt|🔫pistol|🔬microscope|🔭telescope|🕯️candle|🕳️hole|🕶️dark sunglasses|🕹️joystick|🖇️linked paperclips' +
    '|🖊️lower left ballpoint pen|🖋️lower left fountain pen|🖌️lower left paintbrush|🖍️lower left crayon|🖥️desktop computer|🖨️printer|🖱️three button mouse' +
    '|🖲️trackball|🖼️frame picture|🗂️card index dividers|🗃️card file box|🗄️file cabinet|🗑️wastebasket|🗒️spiral note pad|🗓️spiral calendar pad|🗜️compression' +
    '|🗝️old key|🗞️rolled-up newspaper|🗡️dagger knife|🗣️speaking head in silhouette|🗨️left speech bubble|🗯️right anger bubble|🗳️ballot box ballot|🥻sari' +
    '|🥼lab coat|🥽goggles|🥾hiking boot|🥿flat shoe|🦯probing cane|🦰emoji component red hair|🦱emoji component curly hair|🦲emoji component bald' +
    '|🦳emoji component white hair|🦺safety vest|🦼motorized wheelchair|🦽manual wheelchair|🦾mechanical arm|🦿mechanical leg|🧌troll|🧠brain|🧢billed cap|🧣scarf' +
    '|🧤gloves|🧥coat|🧦socks|🧧red gift envelope|🧨firecracker|🧪test tube|🧫petri dish|🧬dna double helix|🧭compass|🧮abacus|🧯fire extinguisher|🧰toolbox|🧱brick' +
    '|🧲magnet|🧳luggage|🧴lotion bottle|🧵spool of thread|🧶ball of yarn|🧷safety pin|🧸teddy bear|🧹broom|🧺basket|🧻roll of paper|🧼bar of soap|🧽sponge|🧾receipt' +
    '|🧿nazar amulet|🩰ballet shoes|🩱one-piece swimsuit|🩲briefs|🩳shorts|🩴thong sandal|🩸drop of blood|🩹adhesive bandage|🩺stethoscope|🩻x-ray|🩼crutch' +
    '|🪐ringed planet|🪑chair|🪒razor|🪓axe|🪔diya lamp|🪕banjo|🪖military helmet|🪗accordion|🪘long drum|🪙coin|🪚carpentry saw|🪛screwdriver|🪜ladder|🪝hook|🪞mirror' +
    '|🪟window|🪠plunger|🪡sewing needle|🪢knot|🪣bucket|🪤mouse trap|🪥toothbrush|🪦headstone|🪧placard|🪨rock|🪩mirror ball|🪪identification card|🪫low battery|🪬hamsa' +
    '|⌨️keyboard|⏏️eject symbol|⚒️hammer and pick|⚔️crossed swords|⚕️staff of aesculapius|⚖️scales|⚗️alembic|⚙️gear|⚰️coffin|⚱️funeral urn|⛏️pick' +
    '|⛑️helmet white cross|⛓️chains|⛔no entry|✂️black scissors|✉️envelope|✏️pencil|✒️black nib|☎️black telephone',
  symbols:
    '❤️heavy black heart|🧡orange heart|💛yellow heart|💚green heart|💙blue heart|💜purple heart|🤎brown heart|🖤black heart|🤍white heart|💓beating heart' +
    '|💔broken heart|💕two hearts|💖sparkling heart|💗growing heart|💘heart arrow|💝heart ribbon|💞revolving hearts|©️copyright sign|®️registered sign' +
    '|‼️double exclamation mark|⁉️exclamation question mark|™️trade mark sign|ℹ️information source|↔️left right arrow|↕️up down arrow|↖️north west arrow' +
    '|↗️north east arrow|↘️south east arrow|↙️south west arrow|↩️leftwards arrow hook|↪️rightwards arrow hook|⏩black right-pointing double triangle' +
    '|⏪black left-pointing double triangle|⏫black up-pointing double triangle|⏬black down-pointing double triangle' +
    '|⏭️black right-pointing double triangle vertical bar|⏮️black left-pointing double triangle vertical bar' +
    '|⏯️black right-pointing triangle double vertical bar|⏸️double vertical bar|⏹️black square for stop|⏺️black circle for record' +
    '|Ⓜ️circled latin capital letter m|▪️black small square|▫️white small square|▶️black right-pointing triangle|◀️black left-pointing triangle' +
    '|◻️white medium square|◼️black medium square|◽white medium small square|◾black medium small square|☑️ballot box check|☢️radioactive sign' +
    '|☣️biohazard sign|☦️orthodox cross|☪️star and crescent|☮️peace symbol|☯️yin yang|☸️wheel of dharma|♀️female sign|♂️male sign|♈aries|♉taurus|♊gemini' +
    '|♋cancer|♌leo|♍virgo|♎libra|♏scorpius|♐sagittarius|♑capricorn|♒aquarius|♓pisces|♠️black spade suit|♣️black club suit|♥️black heart suit' +
    '|♦️black diamond suit|♻️black universal recycling symbol|♾️permanent paper sign|♿wheelchair symbol|⚛️atom symbol|⚜️fleur-de-lis|⚠️warning sign' +
    '|⚧️male stroke and male and female sign|⚪medium white circle|⚫medium black circle|⛎ophiuchus|⛩️shinto shrine|✅white heavy check mark|✔️heavy check mark' +
    '|✖️heavy multiplication x|✝️latin cross|✡️star of david|✳️eight spoked asterisk|✴️eight pointed black star|❇️sparkle|❌cross mark' +
    '|❎negative squared cross mark|❓black question mark ornament|❔white question mark ornament|❕white exclamation mark ornament' +
    '|❗heavy exclamation mark symbol|❣️heavy heart exclamation mark ornament|➕heavy plus sign|➖heavy minus sign|➗heavy division sign' +
    '|➡️black rightwards arrow|➰curly loop|➿double curly loop|⤴️arrow pointing rightwards then curving upwards' +
    '|⤵️arrow pointing rightwards then curving downwards|⬅️leftwards black arrow|⬆️upwards black arrow|⬇️downwards black arrow|⬛black large square' +
    '|⬜white large square|⭕heavy large circle|〰️wavy dash|〽️part alternation mark|㊗️circled ideograph congratulation|㊙️circled ideograph secret' +
    '|🅰️negative squared latin capital letter a|🅱️negative squared latin capital letter b|🅾️negative squared latin capital letter o' +
    '|🅿️negative squared latin capital letter p|🆎negative squared ab|🆑squared cl|🆒squared cool|🆓squared free|🆔squared id|🆕squared new|🆖squared ng' +
    '|🆗squared ok|🆘squared sos|🆙squared up exclamation mark|🆚squared vs|🈁squared katakana koko|🈂️squared katakana sa|🈚squared cjk unified ideograph-7121' +
    '|🈯squared cjk unified ideograph-6307|🈲squared cjk unified ideograph-7981|🈳squared cjk unified ideograph-7a7a|🈴squared cjk unified ideograph-5408' +
    '|🈵squared cjk unified ideograph-6e80|🈶squared cjk unified ideograph-6709|🈷️squared cjk unified ideograph-6708|🈸squared cjk unified ideograph-7533' +
    '|🈹squared cjk unified ideograph-5272|🈺squared cjk unified ideograph-55b6|🉐circled ideograph advantage|🉑circled ideograph accept|🏳️waving white flag' +
    '|🏴waving black flag|🏵️rosette|🏷️label|🔀twisted rightwards arrows|🔁clockwise rightwards and leftwards open circle arrows' +
    '|🔂clockwise rightwards and leftwards open circle arrows circled one overlay|🔃clockwise downwards and upwards open circle arrows' +
    '|🔄anticlockwise downwards and upwards open circle arrows|🔅low brightness symbol|🔆high brightness symbol|🔗link symbol|🔘radio button' +
    '|🔙back leftwards arrow above|🔚end leftwards arrow above|🔛on exclamation mark left right arrow above|🔜soon rightwards arrow above' +
    '|🔝top upwards arrow above|🔞no one under eighteen symbol|🔟keycap ten|🔠input symbol for latin capital letters|🔡input symbol for latin small letters' +
    '|🔢input symbol for numbers|🔣input symbol for symbols|🔤input symbol for latin letters|🔯six pointed star middle dot|🔰japanese symbol for beginner' +
    '|🔱trident emblem|🔲black square button|🔳white square button|🔴large red circle|🔵large blue circle|🔶large orange diamond|🔷large blue diamond' +
    '|🔸small orange diamond|🔹small blue diamond|🔺up-pointing red triangle|🔻down-pointing red triangle|🔼up-pointing small red triangle' +
    '|🔽down-pointing small red triangle|🕉️om symbol|🕎menorah nine branches|🟠large orange circle|🟡large yellow circle|🟢large green circle' +
    '|🟣large purple circle|🟤large brown circle|🟥large red square|🟦large blue square|🟧large orange square|🟨large yellow square|🟩large green square' +
    '|🟪large purple square|🟫large brown square|🟰heavy equals sign|🤌pinched fingers|🤏pinching hand',
};

// Short names that people know from elsewhere and Unicode's names do not hold.
const known: Record<string, string> = { '🎉': 'tada', '👍': '+1 thumbsup', '👎': '-1 thumbsdown', '😂': 'joy', '🤣': 'rofl', '😭': 'sob', '😄': 'smile', '😉': 'wink', '🙏': 'pray', '💪': 'muscle',
  '👏': 'clap', '🙌': 'raised hands', '👀': 'eyes', '💯': '100', '🤔': 'thinking', '🙄': 'eye roll', '🤷': 'shrug', '🤦': 'facepalm', '😎': 'cool', '😢': 'cry', '❤️': 'heart', '🔥': 'lit', '🐛': 'insect' };

const countries = ('AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY ' +
  'KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW').split(' ');

export interface PlainEmoji {
  emoji: string;
  name: string;
}

let made: { title: string; list: PlainEmoji[] }[] | null = null;

const flag = (code: string): string => String.fromCodePoint(...[...code].map(c => c.charCodeAt(0) - 65 + 0x1f1e6));

export function emojiGroups(): { title: string; list: PlainEmoji[] }[] {
  if (made) return made;
  const groups = Object.entries(data).map(([key, text]) => ({ title: titles[key]!, list: text.split('|').map(e => {
    const at = e.search(/[a-z]/);
    const emoji = e.slice(0, at), more = known[emoji];
    return { emoji, name: more ? `${e.slice(at)}, ${more}` : e.slice(at) };
  }) }));
  const names = new Intl.DisplayNames(language.value, { type: 'region' });
  made = [...groups, { title: titles.flags!, list: countries.map(c => ({ emoji: flag(c), name: names.of(c) ?? c })) }];
  return made;
}

export const allEmoji = (): PlainEmoji[] => emojiGroups().flatMap(g => g.list);
