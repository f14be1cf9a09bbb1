// One stack for all topics, since it takes longer to start than most of them take. Each leaves it as it found it.
import './targets';
import './metrics';
import './access';
import './strangers';
import './faults';
import './durability';
