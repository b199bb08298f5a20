// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ErrorCircle24Regular } from "@fluentui/react-icons";
import { Component, type ReactNode } from "react";
import { texts } from "../texts";
import { Empty } from "./states";

interface Props { children: ReactNode; /** Another value is another page: it gets its own try. */ of: string }

/** Never a blank page: what breaks in drawing, or a part whose file is gone after an update, says so and offers a reload. */
export class ErrorBoundary extends Component<Props, { error?: unknown; of: string }> {
  override state: { error?: unknown; of: string } = { of: this.props.of };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: { error?: unknown; of: string }) {
    return props.of === state.of ? null : { error: undefined, of: props.of };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    const moved = this.state.error instanceof TypeError && /dynamically imported module|module script/i.test(this.state.error.message);
    return (
      <main className="alone">
        <Empty
          icon={<ErrorCircle24Regular />}
          title={texts.errors.pageBroke}
          actions={<Button appearance="primary" onClick={() => window.location.reload()}>{texts.errors.reload}</Button>}
        >
          {moved ? texts.errors.pageMoved : texts.errors.pageBrokeWhy}
        </Empty>
      </main>
    );
  }
}
