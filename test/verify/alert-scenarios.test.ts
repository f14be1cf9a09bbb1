import { Duration } from 'cdk8s';
import { alertNames } from '../../lib/catalog/alerts';
import { rulesOf, watchedAlert } from '../rules/alert-rules';
import { derivedCases, paceOf, writtenCases } from '../rules/cases';
import { complaints } from '../rules/promtool';
import { scenarios } from '../rules/scenarios/all';

test.concurrent.each(alertNames)('%s fires when it should, and only then', async (name) => {
  const written = scenarios[name];
  const alert = watchedAlert(name);
  const pace = paceOf(written, alert);
  const cases = [...writtenCases(name, written, alert), ...derivedCases(name, written, alert)];
  const text = await complaints(rulesOf(name, Duration.seconds(pace.evaluation)), [name], cases, pace);
  // As an error, it is printed as it stands.
  if (text !== '') throw new Error(text);
});
