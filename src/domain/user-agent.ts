/** Browsers before those whose name they also bear: Edge and Opera say they are Chrome, and Chrome that it is Safari. */
const browsers: readonly (readonly [name: string, form: RegExp])[] = [
  ['Edge', /\b(?:Edge|Edg|EdgA|EdgiOS)\/(\d{1,8})/],
  ['Opera', /\bOPR\/(\d{1,8})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,8})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,8})/],
  ['Chrome', /\b(?:Chrome|CriOS)\/(\d{1,8})/],
  ['Safari', /\bVersion\/(\d{1,8})[\d.]* (?:Mobile\/\w+ )?Safari\//],
]

const systems: readonly (readonly [name: string, form: RegExp])[] = [
  ['iOS', /\b(?:iPhone|CPU) OS (\d{1,8}(?:[_.]\d{1,8}){0,3})/],
  ['macOS', /\bMac OS X (\d{1,8}(?:[_.]\d{1,8}){0,3})/],
  ['Windows', /\bWindows NT (\d{1,8}(?:\.\d{1,8}){0,3})/],
  ['Android', /\bAndroid (\d{1,8}(?:\.\d{1,8}){0,3})/],
  ['ChromeOS', /\bCrOS \w+ (\d{1,8})/],
  ['Linux', /\bLinux\b()/],
]

/**
 * What a user agent says of the device, as session management shows it: `Chrome 125 / macOS 15.0`. Source of the
 * form: API reference, SessionDescriptionType.
 */
export function describeDevice(userAgent: string | undefined): string {
  const parts = [named(browsers, userAgent), named(systems, userAgent)]
  return parts.filter((part) => part !== undefined).join(' / ') || 'unknown'
}

/**
 * The same as events of threat protection show it: `Chrome 126, Windows 10`, and `Other` for what is not known. Source
 * of the form: developer guide, "Exporting threat protection user activity logs".
 */
export function deviceName(userAgent: string): string {
  const parts = [browsers, systems].map((known) => named(known, userAgent)?.replace(/\.0$/, ''))
  return parts.map((part) => part ?? 'Other').join(', ')
}

function named(known: readonly (readonly [string, RegExp])[], userAgent = ''): string | undefined {
  for (const [name, form] of known) {
    const [found, version] = form.exec(userAgent) ?? []
    if (found !== undefined) return version ? `${name} ${version.replaceAll('_', '.')}` : name
  }
  return undefined
}
