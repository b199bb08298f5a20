// SPDX-License-Identifier: Apache-2.0
import { Button, Input, type InputProps } from "@fluentui/react-components";
import { Eye20Regular, EyeOff20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { texts } from "../texts";

type Props = Omit<InputProps, "onChange" | "type" | "value"> & { value: string; onChange: (value: string) => void };

/** A password that its owner may look at while typing. */
export function PasswordInput({ onChange, ...rest }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Input
      {...rest}
      type={shown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      onChange={(_, { value }) => onChange(value)}
      contentAfter={
        <Button
          appearance="transparent"
          size="small"
          icon={shown ? <EyeOff20Regular /> : <Eye20Regular />}
          aria-label={shown ? texts.signIn.hide : texts.signIn.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
