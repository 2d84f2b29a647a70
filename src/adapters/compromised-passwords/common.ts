import type { CompromisedPasswords } from '../../ports/compromised-passwords.ts'

/**
 * What people choose first, and what they make of it where a policy asks for capitals, figures and signs. Source: the lists
 * of commonest passwords that are published every year.
 */
const common: ReadonlySet<string> = new Set(
  `
    123456 123456789 12345678 1234567 1234567890 123123 111111 000000 654321 666666 121212 112233 123321 987654321
    password password1 password123 password1234 Password1 Password12 Password123 Password1234 Password1!
    Password12! Password123! Password@1 Password@123 Password!1 P@ssw0rd P@ssw0rd1 P@ssw0rd123 P@ssword1
    P@ssword123 Passw0rd Passw0rd! Passw0rd1 Passw0rd123! Pa$$w0rd Pa$$word1 qwerty qwerty1 qwerty123 Qwerty1!
    Qwerty12 Qwerty123 Qwerty123! Qwerty@123 qwertyuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1Qaz2wsx! 1qaz@WSX !QAZ2wsx
    zaq12wsx asdfghjkl asdf1234 zxcvbnm qazwsx abc123 Abc123! Abc@1234 Abcd1234 Abcd1234! Abcd@1234 Aa123456
    Aa123456! Aa123456. Aa@123456 a1b2c3d4 iloveyou iloveyou1 Iloveyou1! letmein letmein1 Letmein1! welcome
    welcome1 Welcome1 Welcome1! Welcome12 Welcome123 Welcome123! Welcome@1 Welcome@123 admin admin123 Admin123
    Admin123! Admin@123 Admin@1234 Administrator1! root toor changeme Changeme1 Changeme1! Changeme123!
    ChangeMe123! monkey dragon master sunshine Sunshine1! princess Princess1! football Football1! baseball
    Baseball1! basketball superman batman trustno1 shadow michael jordan23 charlie Charlie1! starwars pokemon
    Summer2023! Summer2024! Summer2025! Summer2026! Winter2023! Winter2024! Winter2025! Winter2026! Spring2024!
    Spring2025! Spring2026! Autumn2024! Autumn2025! Autumn2026! January1! Monday1! Test1234 Test1234! Test@123
    Test@1234 Testing1! Testing123! Temp1234! Temporary1! Secret1! Secret123! Default1! Company1! Company123!
    Login123! Access1! Hello123! Hello@123 Google1! Google123! Microsoft1! Amazon123! Samsung1! India@123
    Pakistan1! Liverpool1! Arsenal1! Chelsea1!
  `
    .trim()
    .split(/\s+/),
)

export const commonPasswords: CompromisedPasswords = {
  has: async (password) => common.has(password.reveal()),
  close: async () => {},
}
