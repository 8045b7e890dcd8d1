import { render } from 'preact'
import { App } from './app.tsx'
import { PublicationProvider } from './state/publication.tsx'
import { applyTheme } from './state/theme.ts'
import './style/colors.css'
import './style/page.css'
import './style/panel.css'
import './style/controls.css'
import './style/details.css'

applyTheme()
const root = document.getElementById('app')
if (root !== null)
  render(
    <PublicationProvider>
      <App />
    </PublicationProvider>,
    root,
  )
