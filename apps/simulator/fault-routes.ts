import type { Service } from '../../lib/catalog/components';
import { faults, parameterOf, type FaultName, type Faults } from './faults';
import { HttpError, json, jsonObject, type HttpRequest } from '../runtime/http-server';
import type { Log } from '../runtime/log';
import type { Parameters, Route } from '../runtime/router';

const names = Object.keys(faults) as FaultName[];

/** The switches of a service's faults. */
export const faultRoutes = (service: Service, state: Faults, log: Log): readonly Route[] => {
  const ours = names.filter((name) => faults[name].services.some((each) => each === service));

  const describe = (name: FaultName): object => {
    const parameter = parameterOf(name);
    return {
      name,
      on: state.isOn(name),
      help: faults[name].help,
      ...(parameter && {
        parameter: {
          name: parameter.name,
          value: state.value(name) ?? parameter.byDefault,
          expected: parameter.expected,
        },
      }),
    };
  };

  const find = ({ name }: Parameters): FaultName => {
    const found = ours.find((each) => each === name);
    if (found === undefined)
      throw new HttpError(404, `"${name ?? ''}" is no fault of ${service}: use one of ${ours.join(', ')}`);
    return found;
  };

  const valueFor = (name: FaultName, request: HttpRequest): unknown => {
    const parameter = parameterOf(name);
    const given = jsonObject(request);
    const unknown = Object.keys(given).find((key) => key !== parameter?.name);
    if (unknown !== undefined) {
      const fix = parameter ? `use "${parameter.name}", ${parameter.expected}` : 'send no body';
      throw new HttpError(400, `"${unknown}" is no parameter of ${name}: ${fix}`);
    }
    if (!parameter) return true;
    const value = given[parameter.name] ?? parameter.byDefault;
    if (!parameter.accepts(value))
      throw new HttpError(
        400,
        `${parameter.name} is ${JSON.stringify(value)}: set it to ${parameter.expected}, or leave it out for ${parameter.byDefault}`,
      );
    return value;
  };

  return [
    { method: 'GET', path: '/faults', handle: () => json(200, ours.map(describe)) },
    {
      method: 'PUT',
      path: '/faults/{name}',
      handle: (request, parameters) => {
        const name = find(parameters);
        const value = valueFor(name, request);
        log('WARN', 'faults', `fault ${name} switched on`, { metadata: { fault: name, value } });
        state.switchOn(name, value as never);
        return json(200, describe(name));
      },
    },
    {
      method: 'DELETE',
      path: '/faults/{name}',
      handle: (_request, parameters) => {
        const name = find(parameters);
        log('WARN', 'faults', `fault ${name} switched off`, { metadata: { fault: name } });
        state.switchOff(name);
        return json(200, describe(name));
      },
    },
  ];
};
