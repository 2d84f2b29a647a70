/** A text to hold others against: UTF-16 units, and among them places that any one unit or any run of units may fill. */
export type Glob = readonly number[]

const anyRun = -1
const anyOne = -2

/** Text that stands for itself, asterisks and question marks too. */
export function literal(text: string): Glob {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
}

/** Text in which `*` stands for any run, the empty one too, and `?` for any one unit. */
export function glob(text: string): Glob {
  return literal(text).map((unit) => (unit === 0x2a ? anyRun : unit === 0x3f ? anyOne : unit))
}

/**
 * Two pointers and one place to return to: at a mismatch only the latest `*` takes one unit more, since whatever an
 * earlier one could take, the latest could take as well. At worst length times length, never exponential.
 */
export function globMatches(glob: Glob, text: string): boolean {
  let at = 0
  let read = 0
  let star = -1
  let resume = 0
  while (read < text.length) {
    const unit = glob[at]
    if (unit === anyRun) {
      star = at++
      resume = read
    } else if (unit === anyOne || unit === text.charCodeAt(read)) {
      at++
      read++
    } else if (star >= 0) {
      at = star + 1
      read = ++resume
    } else {
      return false
    }
  }
  while (glob[at] === anyRun) at++
  return at === glob.length
}
