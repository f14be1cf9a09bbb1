// One stack for all topics, since it takes longer to start than most of them take. Each leaves it as it found it.
import './targets';
// Before others break what would mute some of them.
import './alerts';
import './logs';
import './traces';
import './span-metrics';
import './correlation';
import './metrics';
import './dashboards';
import './grafana-dashboards';
import './access';
import './strangers';
import './faults';
import './durability';
import './trace-durability';
