// Prints the providers that @pydantic/genai-prices ships: its updates resolve to the embedded ones.
import { argv, stdout } from "node:process";
import { pathToFileURL } from "node:url";

const { waitForUpdate } = await import(pathToFileURL(argv[2]));
stdout.write(JSON.stringify(await waitForUpdate()));
