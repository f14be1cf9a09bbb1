import { kubelet } from '../../lib/catalog/kubernetes';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { minBy } from '../../lib/query/promql/aggregate';
import { and, below, labelFrom } from '../../lib/query/promql/operators';
import { predictLinear } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { volumeSpaceLeft } from '../../lib/signals/volumes';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, ofItsService, type AlertDefinitions } from './definition';
import { ours } from './ours';
import { horizon, trend } from './trend';

/** A claim of a StatefulSet is named by its template and its pod: `data-loki-0`. */
const workloadOfClaim = '(?:data-)?(.+?)(?:-[0-9]+)?';

/** What fills up the volumes of our pods. */
export const volumeAlerts: AlertDefinitions<'VolumeAlmostFull' | 'VolumeFillingUp'> = {
  VolumeAlmostFull: ({ threshold }, deployment) =>
    alert({
      expr: labelFrom(
        below(volumeSpaceLeft(ours(deployment)), threshold),
        'service',
        'persistentvolumeclaim',
        workloadOfClaim,
      ),
      service: ofItsService,
      summary: text`The volume ${label('persistentvolumeclaim')} has ${value.ratio} of its space left`,
      description: text`Below ${percentage(threshold)} its program soon cannot write.`,
    }),
  VolumeFillingUp: ({ threshold }, deployment) =>
    alert({
      expr: labelFrom(
        and(
          below(volumeSpaceLeft(ours(deployment)), threshold),
          below(
            minBy(
              predictLinear(select(kubelet.kubelet_volume_stats_available_bytes), trend, horizon),
              'namespace',
              'persistentvolumeclaim',
            ),
            0,
          ),
        ),
        'service',
        'persistentvolumeclaim',
        workloadOfClaim,
      ),
      service: ofItsService,
      summary: text`The volume ${label('persistentvolumeclaim')} will be full within ${prometheusDuration(horizon)}`,
      description: text`${value.ratio} of its space is left, and it shrinks as fast as that in the last ${prometheusDuration(trend)}.`,
    }),
};
