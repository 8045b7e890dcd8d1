export function pythonWithDeltaRs(): { readonly python?: string; readonly problem?: string }
