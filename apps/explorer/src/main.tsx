import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app/App.tsx'
import { createServices } from './app/services.ts'
import { start } from './app/start.ts'

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no #root')

const services = createServices(location.origin)
createRoot(container).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
)
void start(services)
