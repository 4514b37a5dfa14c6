export interface ValidationError {
  detail: string;
  problem_type?: string;
}

export interface UseMergeLinkProps {
  linkToken?: string;
  /** Where your omniats is. */
  tenantConfig: { apiBaseURL: string };
  onSuccess: (publicToken: string, info?: { isTokenForOtherPreexistingLinkedAccount?: boolean }) => void;
  onExit?: () => void;
  onValidationError?: (errors: ValidationError[]) => void;
  /** Whether `onSuccess` is called at once (the default), or when the person closes the page. */
  shouldSendTokenOnSuccessfulLink?: boolean;
  /** The id of the element to show the page in; without it, it opens over yours. */
  parentContainerID?: string;
}

export function useMergeLink(props: UseMergeLinkProps): {
  open: () => void;
  isReady: boolean;
  error: unknown;
};
