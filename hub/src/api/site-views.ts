import type { Birth, CityId, SiteView } from "@openkerb/contract";
import type { SiteFile } from "../site-files.ts";

type Born = { readonly city: CityId; readonly birth: Birth };

/** Every place the hub knows: drawn in a site file, or told by a box that nobody has drawn yet. */
export function siteViews(sites: readonly SiteFile[], births: readonly Born[]): SiteView[] {
  const drawn = sites.map(({ site }) => ofFile(site, births.find((b) => b.birth.device === site.device)?.birth));
  const told = births.filter(({ birth }) => !sites.some(({ site }) => site.device === birth.device)).map(ofBirth);
  return [...drawn, ...told];
}

function ofFile(site: SiteFile["site"], birth: Birth | undefined): SiteView {
  return {
    city: site.city,
    site: site.site,
    name: site.name,
    device: site.device,
    ...(site.position && { position: site.position }),
    ...(site.plan && { plan: site.plan }),
    ...(site.open && { open: site.open }),
    cameras: site.cameras.map((camera) => ({
      id: camera.id,
      name: camera.name,
      // What runs counts more than what was asked for.
      model: birth?.cameras.find((c) => c.id === camera.id)?.model.name ?? camera.model,
      ...(camera.plan && { plan: camera.plan }),
      lines: camera.lines.map(({ id, name, plan }) => ({ id, name, ...(plan && { plan }) })),
      zones: camera.zones.map(({ id, name, plan }) => ({ id, name, ...(plan && { plan }) })),
    })),
  };
}

const ofBirth = ({ city, birth }: Born): SiteView => ({
  city,
  site: birth.site,
  name: birth.site,
  device: birth.device,
  cameras: birth.cameras.map(({ id, name, model, lines, zones }) => ({ id, name, model: model.name, lines, zones })),
});
