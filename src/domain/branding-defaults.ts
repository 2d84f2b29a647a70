import type { JsonObject } from '../lib/json.ts'

/**
 * How managed login looks where a style says nothing, and with that the properties that a style can have. The properties
 * are those of AWS's example of UpdateManagedLoginBranding; the values are ours. Colours are `rrggbbaa`.
 */
export const defaultSettings: JsonObject = {
  categories: {
    auth: {
      authMethodOrder: [
        [
          { display: 'BUTTON', type: 'FEDERATED' },
          { display: 'INPUT', type: 'USERNAME_PASSWORD' },
        ],
      ],
      federation: { interfaceStyle: 'BUTTON_LIST', order: [] },
    },
    form: {
      displayGraphics: true,
      instructions: { enabled: false },
      languageSelector: { enabled: false },
      location: { horizontal: 'CENTER', vertical: 'CENTER' },
      sessionTimerDisplay: 'NONE',
    },
    global: {
      colorSchemeMode: 'LIGHT',
      pageFooter: { enabled: false },
      pageHeader: { enabled: false },
      spacingDensity: 'REGULAR',
    },
    signUp: { acceptanceElements: [{ enforcement: 'NONE', textKey: 'en' }] },
  },
  componentClasses: {
    buttons: { borderRadius: 6 },
    divider: {
      lightMode: { borderColor: 'e2e5ecff' },
      darkMode: { borderColor: '2a3142ff' },
    },
    dropDown: {
      borderRadius: 6,
      lightMode: {
        defaults: { itemBackgroundColor: 'ffffffff' },
        hover: { itemBackgroundColor: 'f1f3f8ff', itemBorderColor: '737b8cff', itemTextColor: '10131aff' },
        match: { itemBackgroundColor: 'e3e8fdff', itemTextColor: '2740b0ff' },
      },
      darkMode: {
        defaults: { itemBackgroundColor: '1a2030ff' },
        hover: { itemBackgroundColor: '252d40ff', itemBorderColor: '7f899dff', itemTextColor: 'f0f2f7ff' },
        match: { itemBackgroundColor: '2b3864ff', itemTextColor: 'c3cdffff' },
      },
    },
    focusState: {
      lightMode: { borderColor: '3451d1ff' },
      darkMode: { borderColor: '9fb0ffff' },
    },
    idpButtons: { icons: { enabled: true } },
    input: {
      borderRadius: 6,
      lightMode: {
        defaults: { backgroundColor: 'ffffffff', borderColor: '737b8cff' },
        placeholderColor: '626a7aff',
      },
      darkMode: {
        defaults: { backgroundColor: '131825ff', borderColor: '7f899dff' },
        placeholderColor: '99a2b5ff',
      },
    },
    inputDescription: {
      lightMode: { textColor: '565e6eff' },
      darkMode: { textColor: 'a5adbfff' },
    },
    inputLabel: {
      lightMode: { textColor: '10131aff' },
      darkMode: { textColor: 'dfe3ecff' },
    },
    link: {
      lightMode: { defaults: { textColor: '3451d1ff' }, hover: { textColor: '1f338cff' } },
      darkMode: { defaults: { textColor: '9fb0ffff' }, hover: { textColor: 'c3cdffff' } },
    },
    optionControls: {
      lightMode: {
        defaults: { backgroundColor: 'ffffffff', borderColor: '737b8cff' },
        selected: { backgroundColor: '3451d1ff', foregroundColor: 'ffffffff' },
      },
      darkMode: {
        defaults: { backgroundColor: '131825ff', borderColor: '7f899dff' },
        selected: { backgroundColor: '9fb0ffff', foregroundColor: '10131aff' },
      },
    },
    statusIndicator: {
      lightMode: {
        error: { backgroundColor: 'fdf2f2ff', borderColor: 'b3261eff', indicatorColor: 'b3261eff' },
        pending: { indicatorColor: '626a7aff' },
        success: { backgroundColor: 'eff9f1ff', borderColor: '1b7433ff', indicatorColor: '1b7433ff' },
        warning: { backgroundColor: 'fdf7e7ff', borderColor: '855d00ff', indicatorColor: '855d00ff' },
      },
      darkMode: {
        error: { backgroundColor: '2c1416ff', borderColor: 'f28b82ff', indicatorColor: 'f28b82ff' },
        pending: { indicatorColor: '99a2b5ff' },
        success: { backgroundColor: '10261aff', borderColor: '6fcf8bff', indicatorColor: '6fcf8bff' },
        warning: { backgroundColor: '2a2210ff', borderColor: 'e6c15aff', indicatorColor: 'e6c15aff' },
      },
    },
  },
  components: {
    alert: {
      borderRadius: 6,
      lightMode: { error: { backgroundColor: 'fdf2f2ff', borderColor: 'b3261eff' } },
      darkMode: { error: { backgroundColor: '2c1416ff', borderColor: 'f28b82ff' } },
    },
    favicon: { enabledTypes: ['ICO', 'SVG'] },
    form: {
      backgroundImage: { enabled: false },
      borderRadius: 10,
      lightMode: { backgroundColor: 'ffffffff', borderColor: 'cfd4deff' },
      darkMode: { backgroundColor: '131825ff', borderColor: '394157ff' },
      logo: { enabled: false, formInclusion: 'IN', location: 'CENTER', position: 'TOP' },
    },
    idpButton: {
      custom: {},
      standard: {
        lightMode: {
          active: { backgroundColor: 'e3e8fdff', borderColor: '1f338cff', textColor: '1f338cff' },
          defaults: { backgroundColor: 'ffffffff', borderColor: '737b8cff', textColor: '333a48ff' },
          hover: { backgroundColor: 'f1f3f8ff', borderColor: '1f338cff', textColor: '1f338cff' },
        },
        darkMode: {
          active: { backgroundColor: '2b3864ff', borderColor: 'c3cdffff', textColor: 'c3cdffff' },
          defaults: { backgroundColor: '131825ff', borderColor: '7f899dff', textColor: 'dfe3ecff' },
          hover: { backgroundColor: '252d40ff', borderColor: 'c3cdffff', textColor: 'c3cdffff' },
        },
      },
    },
    pageBackground: {
      image: { enabled: false },
      lightMode: { color: 'f4f6faff' },
      darkMode: { color: '0b0e16ff' },
    },
    pageFooter: {
      backgroundImage: { enabled: false },
      lightMode: { background: { color: 'ffffffff' }, borderColor: 'e2e5ecff' },
      darkMode: { background: { color: '131825ff' }, borderColor: '2a3142ff' },
      logo: { enabled: false, location: 'START' },
    },
    pageHeader: {
      backgroundImage: { enabled: false },
      lightMode: { background: { color: 'ffffffff' }, borderColor: 'e2e5ecff' },
      darkMode: { background: { color: '131825ff' }, borderColor: '2a3142ff' },
      logo: { enabled: false, location: 'START' },
    },
    pageText: {
      lightMode: { bodyColor: '333a48ff', descriptionColor: '565e6eff', headingColor: '10131aff' },
      darkMode: { bodyColor: 'c8cedbff', descriptionColor: 'a5adbfff', headingColor: 'f0f2f7ff' },
    },
    phoneNumberSelector: { displayType: 'TEXT' },
    primaryButton: {
      lightMode: {
        active: { backgroundColor: '1f338cff', textColor: 'ffffffff' },
        defaults: { backgroundColor: '3451d1ff', textColor: 'ffffffff' },
        disabled: { backgroundColor: 'e2e5ecff', borderColor: 'e2e5ecff' },
        hover: { backgroundColor: '2740b0ff', textColor: 'ffffffff' },
      },
      darkMode: {
        active: { backgroundColor: 'c3cdffff', textColor: '10131aff' },
        defaults: { backgroundColor: '9fb0ffff', textColor: '10131aff' },
        disabled: { backgroundColor: '2a3142ff', borderColor: '2a3142ff' },
        hover: { backgroundColor: 'b4c1ffff', textColor: '10131aff' },
      },
    },
    secondaryButton: {
      lightMode: {
        active: { backgroundColor: 'e3e8fdff', borderColor: '1f338cff', textColor: '1f338cff' },
        defaults: { backgroundColor: 'ffffffff', borderColor: '3451d1ff', textColor: '3451d1ff' },
        hover: { backgroundColor: 'f1f3f8ff', borderColor: '1f338cff', textColor: '1f338cff' },
      },
      darkMode: {
        active: { backgroundColor: '2b3864ff', borderColor: 'c3cdffff', textColor: 'c3cdffff' },
        defaults: { backgroundColor: '131825ff', borderColor: '9fb0ffff', textColor: '9fb0ffff' },
        hover: { backgroundColor: '252d40ff', borderColor: 'c3cdffff', textColor: 'c3cdffff' },
      },
    },
  },
}
