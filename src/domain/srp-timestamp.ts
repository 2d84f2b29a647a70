const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Whether a text is a TIMESTAMP as AWS's clients write it: `Mon Nov 3 09:05:07 UTC 2026`, the day of the month without
 * a leading zero. The service refuses any other form as a wrong password.
 */
export function isSrpTimestamp(text: string): boolean {
  const match =
    /^(\w{3}) (\w{3}) ([1-9][0-9]?) ([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) UTC ([0-9]{4})$/.exec(text)
  if (match === null) return false
  const [, day = '', month = '', date = '', , , , year = ''] = match
  const monthIndex = months.indexOf(month)
  if (monthIndex < 0) return false
  const at = new Date(Date.UTC(Number(year), monthIndex, Number(date)))
  return at.getUTCDate() === Number(date) && days[at.getUTCDay()] === day
}
