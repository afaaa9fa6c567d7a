/** An error as MLflow answers it: `{"error_code": …, "message": …}` with its status. */
export interface RegistryError {
  readonly status: 400 | 404;
  readonly code: 'INVALID_PARAMETER_VALUE' | 'RESOURCE_DOES_NOT_EXIST';
  readonly message: string;
}

export function invalidParameter(message: string): RegistryError {
  return { status: 400, code: 'INVALID_PARAMETER_VALUE', message };
}

export function missingParameter(name: string): RegistryError {
  return invalidParameter(`Missing value for required parameter '${name}'.`);
}

export function resourceDoesNotExist(message: string): RegistryError {
  return { status: 404, code: 'RESOURCE_DOES_NOT_EXIST', message };
}
